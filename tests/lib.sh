# Sourced by tests/*.test: a scratch folder, mails, and checks that say what they wanted. PLN_PROGRAM and PLN_SOURCE come from ctest.
set -u
program=${PLN_PROGRAM:-$(cd "$(dirname "$0")/.." && pwd)/build/dev/plnpost}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/plnpost-test.XXXXXX")
campus=$scratch/campus
failures=0 checks=0
export PLNPOST_CLOCK=$scratch/clock
trap 'rm -rf "$scratch"' EXIT

skip() { echo "skipped: $*"; exit 77; }
pln() { "$program" -C "$campus" "$@" 2>>"$scratch/log"; }

# clock '2026-03-09 07:00' - the time that the gateway is given (UTC)
clock() { date -u -d "$1 UTC" +%s >"$PLNPOST_CLOCK.new" && mv "$PLNPOST_CLOCK.new" "$PLNPOST_CLOCK"; }
now_rfc() { date -u -R -d "@$(cat "$PLNPOST_CLOCK")"; }

fail() { failures=$((failures + 1)); echo "FAILED: $*"; }
# is WHAT GOT WANT
is() {
	checks=$((checks + 1))
	[ "$2" = "$3" ] || fail "$1"$'\n'"  got:  $2"$'\n'"  want: $3"
}
# has WHAT TEXT PART
has() {
	checks=$((checks + 1))
	case $2 in *"$3"*) ;; *) fail "$1"$'\n'"  got:  $2"$'\n'"  want it to hold: $3" ;; esac
}
hasnt() {
	checks=$((checks + 1))
	case $2 in *"$3"*) fail "$1"$'\n'"  got:  $2"$'\n'"  must not hold: $3" ;; esac
}
finish() {
	echo "$checks checks, $failures failed"
	[ $failures = 0 ] || { tail -n 30 "$scratch/log"; exit 1; }
	exit 0
}

sql() { sqlite3 "$campus/plnpost.db" "$1"; }

# mail FROM SUBJECT BODY [TO] [extra header lines] - a mail on standard output, stamped as genuine by the campus's server
mail() {
	local from=$1 domain
	domain=${from##*@}
	domain=${domain%>}
	printf 'Authentication-Results: mx.campus.example; dmarc=%s header.from=%s\n' "${stamp:-pass}" "$domain"
	printf 'From: %s\nTo: %s\nSubject: %s\nDate: %s\nMessage-ID: <t%s.%s@%s>\n' "$from" "${4:-pln@campus.example}" "$2" "$(now_rfc)" "$(date +%s%N)" "$BASHPID" "$domain"
	[ -z "${5:-}" ] || printf '%s\n' "$5"
	printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s\n' "$3"
}
ingest() { pln ingest -; }
# write FROM SUBJECT BODY [TO] [headers]: a mail, ingested
write() { mail "$@" | ingest; }

# The outbox is a Maildir: what was sent last to an address, and parts of it.
sent_to() { pln send >/dev/null; grep -l "^Delivered-To: $1" "$campus"/outbox/new/* 2>/dev/null | xargs -r grep -l "${2:-.}" | xargs -r ls -v | tail -n 1; }
header() { python3 -c 'import email,email.policy,sys; m=email.message_from_binary_file(open(sys.argv[1],"rb"),policy=email.policy.default); print(m[sys.argv[2]])' "$1" "$2"; }
text() { python3 -c 'import email,email.policy,sys; m=email.message_from_binary_file(open(sys.argv[1],"rb"),policy=email.policy.default); print(" ".join(m.get_body(("plain",)).get_content().split()))' "$1"; }
# answer FILE FROM BODY: replies to a letter as a mail client does
answer() { write "$2" "Re: $(header "$1" Subject)" "$3" "$(header "$1" Reply-To)" "In-Reply-To: $(header "$1" Message-ID)"; }
# The same without the outbox's files: the newest letter whose key is LIKE that; its text; its reply address.
last() { sql "SELECT max(id) FROM letter WHERE key LIKE '$1'"; }
letter() { sql "SELECT own_text FROM letter_body WHERE letter = $1"; }
reply_to() { sql "SELECT replace(envelope_from, '+b-', '+') FROM letter WHERE id = $1"; }
# reply LETTER FROM BODY [headers] [SUBJECT]
reply() {
	write "$2" "${5:-Re: $(sql "SELECT subject FROM letter WHERE id = $1")}" "$3" "$(reply_to "$1")" \
		"In-Reply-To: <$(sql "SELECT message_id FROM letter WHERE id = $1")>${4:+$'\n'$4}"
}
