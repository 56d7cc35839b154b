# contrib/bench/campus.sh - sourced: a campus that polls the bench's Dovecot ($user, $imap_port) with $program.

make_campus() { # CAMPUS MAIL_FOLDER COUNT
	rm -rf "$1"
	"$program" init "$1" >/dev/null
	printf '[campus]\nname = Bench\naddress = pln@school.example\nzone = Europe/Berlin\n[mailbox "main"]\nurl = imap://%s@127.0.0.1:%s/INBOX\npassword-file = imap.password\nafter = leave\n[auth]\nunstamped = accept\n[log]\nlevel = warning\n' "$user" "$imap_port" >"$1/plnpost.conf"
	printf %s "$user" >"$1/imap.password"
	chmod 600 "$1/imap.password"
	# every sender is a teacher and every mail of a person becomes an entry: the most that the log may have to do
	printf '[rule "log-everything"]\nmail = note\nmail = forward\nmail = reply\naction = log\n' >>"$1/campus.rules"
	python3 - "$2" "$3" >"$1/roster.csv" <<'PY'
import email, email.utils, sys
folder, count = sys.argv[1], int(sys.argv[2])
seen = set()
print("name,address,role,receipts")
for n, line in enumerate(open(folder + "/manifest.tsv")):
    if n == count:
        break
    with open(folder + "/Maildir/cur/" + line.split("\t")[0], "rb") as f:
        address = email.utils.parseaddr(str(email.message_from_binary_file(f).get("From", "")))[1].lower()
    if "@" in address and address not in seen:
        seen.add(address)
        print(f"Sender {n},{address},teacher,never")
PY
	"$program" -C "$1" people import "$1/roster.csv" >/dev/null
	mv "$1/roster.csv" "$1/imported.csv"
}
