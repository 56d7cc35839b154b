#ifndef GATEWAY_READ_CHARSET_NAMES_H
#define GATEWAY_READ_CHARSET_NAMES_H

/* For charset.c alone. */

/* What is written and what is meant: the WHATWG's view of labels, plus what old clients wrote. Each right side is
 * opened by charset_warm_up; names that iconv knows under themselves stand at the end, alone. */
static const struct {
	const char *label, *name;
} charset_names[] = {
	{"utf8", "UTF-8"}, {"utf-8", "UTF-8"}, {"unicode-1-1-utf-8", "UTF-8"}, {"x-unicode20utf8", "UTF-8"}, {"cp65001", "UTF-8"},
	{"iso-8859-1", "WINDOWS-1252"}, {"iso8859-1", "WINDOWS-1252"}, {"iso_8859-1", "WINDOWS-1252"}, {"latin1", "WINDOWS-1252"},
	{"latin-1", "WINDOWS-1252"}, {"l1", "WINDOWS-1252"}, {"cp1252", "WINDOWS-1252"}, {"windows-1252", "WINDOWS-1252"},
	{"x-ansi", "WINDOWS-1252"}, {"iso88591", "WINDOWS-1252"}, {"8859-1", "WINDOWS-1252"}, {"iso-8859-8-i", "ISO-8859-8"},
	{"iso-8859-6-i", "ISO-8859-6"}, {"iso-8859-9", "WINDOWS-1254"}, {"latin5", "WINDOWS-1254"}, {"iso-8859-11", "CP874"},
	{"tis-620", "CP874"}, {"windows-874", "CP874"}, {"gb2312", "GB18030"}, {"gbk", "GB18030"}, {"gb_2312-80", "GB18030"},
	{"cp936", "GB18030"}, {"x-gbk", "GB18030"}, {"euc-cn", "GB18030"}, {"big5", "BIG5-HKSCS"},
	{"cn-big5", "BIG5-HKSCS"}, {"x-x-big5", "BIG5-HKSCS"}, {"cp950", "BIG5-HKSCS"}, {"ks_c_5601-1987", "UHC"}, {"ks_c_5601-1989", "UHC"},
	{"ksc5601", "UHC"}, {"ksc_5601", "UHC"}, {"euc-kr", "UHC"}, {"cp949", "UHC"}, {"windows-949", "UHC"},
	{"iso-2022-kr", "ISO-2022-KR"}, {"shift_jis", "CP932"}, {"shift-jis", "CP932"}, {"x-sjis", "CP932"}, {"sjis", "CP932"},
	{"windows-31j", "CP932"}, {"cp932", "CP932"}, {"ms_kanji", "CP932"}, {"euc-jp", "EUC-JP-MS"}, {"x-euc-jp", "EUC-JP-MS"},
	{"cp51932", "EUC-JP-MS"}, {"iso-2022-jp", "ISO-2022-JP-3"}, {"cp50220", "ISO-2022-JP-3"}, {"cp50221", "ISO-2022-JP-3"},
	{"iso-2022-jp-1", "ISO-2022-JP-3"}, {"iso-2022-jp-2", "ISO-2022-JP-2"}, {"csiso2022jp", "ISO-2022-JP-3"},
	{"koi8-r", "KOI8-R"}, {"koi8", "KOI8-R"}, {"x-mac-cyrillic", "MAC-CYRILLIC"}, {"x-mac-roman", "MACINTOSH"},
	{"macintosh", "MACINTOSH"}, {"mac", "MACINTOSH"}, {"utf-7", "UTF-7"}, {"unicode-1-1-utf-7", "UTF-7"}, {"utf-16", "UTF-16"},
	{"euc_kr", "UHC"}, {"x-windows-949", "UHC"}, {"windows-932", "CP932"}, {"windows-936", "GB18030"}, {"windows-950", "BIG5-HKSCS"},
	{"logical", "ISO-8859-8"}, {"visual", "ISO-8859-8"}, {"iso-8859-8-e", "ISO-8859-8"}, {"iso-8859-6-e", "ISO-8859-6"},
	{"koi8-ru", "KOI8-U"}, {"koi", "KOI8-R"}, {"dos-862", "CP862"}, {"x-mac-ce", "MAC-CENTRALEUROPE"},
	{"unicode", "UTF-16"}, {"utf-16le", "UTF-16LE"}, {"utf-16be", "UTF-16BE"}, {"utf-32", "UTF-32"},
	{NULL, "ISO-8859-2"}, {NULL, "ISO-8859-3"}, {NULL, "ISO-8859-4"}, {NULL, "ISO-8859-5"}, {NULL, "ISO-8859-7"},
	{NULL, "ISO-8859-10"}, {NULL, "ISO-8859-13"}, {NULL, "ISO-8859-14"}, {NULL, "ISO-8859-15"}, {NULL, "ISO-8859-16"},
	{NULL, "WINDOWS-1250"}, {NULL, "WINDOWS-1251"}, {NULL, "WINDOWS-1253"}, {NULL, "WINDOWS-1255"}, {NULL, "WINDOWS-1256"},
	{NULL, "WINDOWS-1257"}, {NULL, "WINDOWS-1258"}, {NULL, "KOI8-U"}, {NULL, "CP437"}, {NULL, "CP850"}, {NULL, "CP852"}, {NULL, "CP866"},
	{NULL, "CP862"}, {NULL, "MAC-CENTRALEUROPE"}, {NULL, "VISCII"},
};

/* Nothing said, or said to be nothing in particular. */
static const char *const charset_none[] = {"", "us-ascii", "ascii", "ansi_x3.4-1968", "iso646-us", "unknown", "x-unknown",
	"unknown-8bit", "8bit", "7bit", "binary", "default", "default_charset", "_autodetect", "x-user-defined", "iso-8859", "iso_8859"};

#endif
