#include "gateway/store/store-sql.h"

#include <stdlib.h>
#include <zstd.h>

/* The level that pays: see contrib/bench/store. Mails below the least size gain less than a page. */
#define ZSTD_LEVEL 1
#define LEAST_BYTES 512
#define KEPT_BYTES ((size_t)1 << 20) /* of the buffer, once a larger mail is done */

struct codec {
	ZSTD_CCtx *packer;
	ZSTD_DCtx *unpacker;
	char *bytes; /* of the last mail packed */
	size_t cap;
};

static struct codec *codec_of(struct store *store)
{
	if (store->codec == NULL)
		store->codec = calloc(1, sizeof *store->codec);
	if (store->codec == NULL)
		abort();
	return store->codec;
}

void codec_close(struct codec *codec)
{
	if (codec == NULL)
		return;
	ZSTD_freeCCtx(codec->packer);
	ZSTD_freeDCtx(codec->unpacker);
	free(codec->bytes);
	free(codec);
}

static bool room(struct codec *codec, size_t n)
{
	if (codec->cap >= n && (codec->cap <= KEPT_BYTES || n > KEPT_BYTES))
		return true;
	free(codec->bytes);
	codec->bytes = malloc(n);
	codec->cap = codec->bytes == NULL ? 0 : n;
	return codec->bytes != NULL;
}

struct span codec_pack(struct store *store, struct span raw, enum codec_form *form)
{
	struct codec *codec = codec_of(store);
	*form = CODEC_PLAIN;
	if (raw.n < LEAST_BYTES || !room(codec, ZSTD_compressBound(raw.n)))
		return raw;
	if (codec->packer == NULL && (codec->packer = ZSTD_createCCtx()) == NULL)
		return raw;
	size_t n = ZSTD_compressCCtx(codec->packer, codec->bytes, codec->cap, raw.p, raw.n, ZSTD_LEVEL);
	if (ZSTD_isError(n) || n >= raw.n - raw.n / 16)
		return raw;
	*form = CODEC_ZSTD;
	return (struct span){codec->bytes, n};
}

static int unpack_zstd(struct store *store, struct span packed, uint64_t raw_size, struct str *raw, struct err *err)
{
	struct codec *codec = codec_of(store);
	if (codec->unpacker == NULL && (codec->unpacker = ZSTD_createDCtx()) == NULL)
		return err_later(err, "%s: no memory is left to read a mail", store->path);
	char *bytes = malloc(raw_size + 1);
	if (bytes == NULL)
		return err_later(err, "%s: no memory is left to read a mail", store->path);
	size_t n = ZSTD_decompressDCtx(codec->unpacker, bytes, raw_size, packed.p, packed.n);
	int result = 0;
	if (ZSTD_isError(n) || n != raw_size)
		result = err_set(err, "%s: a stored mail is damaged: restore a backup", store->path);
	else
		str_add(raw, bytes, n);
	free(bytes);
	return result;
}

int codec_unpack(struct store *store, enum codec_form form, struct span packed, uint64_t raw_size, struct str *raw, struct err *err)
{
	size_t max = raw->max == 0 ? (size_t)1 << 20 : raw->max;
	if (raw_size > max - raw->n)
		return err_set(err, "%s: the stored mail has %llu bytes, more than the %zu that are read", store->path,
		               (unsigned long long)raw_size, max);
	if (form == CODEC_ZSTD)
		return unpack_zstd(store, packed, raw_size, raw, err);
	if (packed.n != raw_size)
		return err_set(err, "%s: a stored mail is damaged: restore a backup", store->path);
	str_span(raw, packed);
	return 0;
}
