# servers.sh - a private Dovecot and a private Postfix on loopback, for the tests; sourced, not run.
# shellcheck shell=bash
#
#   servers_need dovecot|postfix     exits 77 (skipped) with the reason when it cannot run here
#   servers_dovecot DIR USER…        starts Dovecot in DIR; each user's password is the user's name. Sets
#                                      imap_port   STARTTLS (and cleartext, loopback only)   imaps_port  TLS
#                                      lmtp_port   ca (the CA's certificate, good for 127.0.0.1 and localhost)
#                                    the same ports answer at 127.0.0.2 with a certificate for another host, at
#                                    127.0.0.3 with one that has expired, at 127.0.0.4 with a self-signed one
#   servers_postfix DIR USER…        starts Postfix in DIR, which delivers USER@campus.example and USER@home.example
#                                    (with +anything) to Dovecot by LMTP; needs root. Sets
#                                      smtp_port     stamps Authentication-Results: mx.campus.example; dmarc=pass for
#                                                    envelope senders of those domains
#                                      outside_port  as mail from elsewhere: stamps dmarc=fail
#                                    unknown recipients get 550, later@campus.example 451; STARTTLS is offered
#   servers_deliver USER [MAILBOX]   standard input becomes a mail in that mailbox (dovecot-lda)
#   servers_doveadm ARG…             doveadm on the private Dovecot
#   servers_stop                     stops what was started; put it in an EXIT trap
# With root's rights Dovecot runs as the user nobody.

servers_pids=()
servers_as=()
if [[ $(id -u) == 0 ]]; then
  servers_as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi

servers_skip() {
  echo "skipped: $1" >&2
  exit 77
}

servers_need() {
  case $1 in
    dovecot)
      [[ -x /usr/sbin/dovecot ]] || servers_skip "no Dovecot here (packages dovecot-imapd dovecot-lmtpd)"
      [[ -e /usr/lib/dovecot/imap && -e /usr/lib/dovecot/lmtp ]] || servers_skip "Dovecot lacks IMAP or LMTP (packages dovecot-imapd dovecot-lmtpd)"
      command -v openssl >/dev/null || servers_skip "no openssl here"
      ;;
    postfix)
      [[ -x /usr/sbin/postfix ]] || servers_skip "no Postfix here (package postfix)"
      [[ $(id -u) == 0 ]] || servers_skip "Postfix starts only with root's rights"
      ;;
  esac
}

servers_free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    if ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
}

servers_await_port() { # HOST PORT LOG
  local i
  for ((i = 0; i < 200; i++)); do
    if (: <"/dev/tcp/$1/$2") 2>/dev/null; then return 0; fi
    sleep 0.05
  done
  echo "nothing listens at $1 port $2:" >&2
  tail -n 20 "$3" >&2
  return 1
}

# ---- certificates

servers_ca() { # DIR
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj '/CN=plnpost test CA' \
    -keyout "$1/ca.key" -out "$1/ca.pem" 2>/dev/null
}

servers_certificate() { # DIR NAME CN ALTNAMES START END
  local dir=$1 name=$2
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$3" -keyout "$dir/$name.key" -out "$dir/$name.csr" 2>/dev/null
  : >"$dir/index"
  cat >"$dir/ca.cnf" <<CNF
[ca]
default_ca = test
[test]
database = $dir/index
new_certs_dir = $dir
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = names
unique_subject = no
[any]
commonName = supplied
[names]
subjectAltName = $4
CNF
  openssl ca -batch -config "$dir/ca.cnf" -cert "$dir/ca.pem" -keyfile "$dir/ca.key" -startdate "$5" -enddate "$6" -notext \
    -in "$dir/$name.csr" -out "$dir/$name.pem" 2>/dev/null
}

servers_certificates() { # DIR
  local dir=$1 past=20200101000000Z soon=20990101000000Z
  servers_ca "$dir"
  servers_certificate "$dir" good localhost 'DNS:localhost,DNS:mx.campus.example,IP:127.0.0.1' "$past" "$soon"
  servers_certificate "$dir" wrong other.example DNS:other.example "$past" "$soon"
  servers_certificate "$dir" expired 127.0.0.3 IP:127.0.0.3 "$past" 20210101000000Z
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj '/CN=127.0.0.4' \
    -addext subjectAltName=IP:127.0.0.4 -keyout "$dir/own.key" -out "$dir/own.pem" 2>/dev/null
}

# ---- Dovecot

servers_dovecot_config() { # DIR
  local dir=$1 account group listener ip
  account=$("${servers_as[@]}" id -un)
  group=$("${servers_as[@]}" id -gn)
  cat <<CONFIG
base_dir = $dir/run
state_dir = $dir/state
log_path = $dir/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1, 127.0.0.2, 127.0.0.3, 127.0.0.4
default_internal_user = $account
default_internal_group = $group
default_login_user = $account
first_valid_uid = 1
auth_username_format = %Ln
auth_failure_delay = 0
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
mail_location = maildir:$dir/mail/%n
mail_max_userip_connections = 100
mail_fsync = never
disable_plaintext_auth = yes
ssl = yes
ssl_cert = <$dir/tls/good.pem
ssl_key = <$dir/tls/good.key
passdb {
  driver = passwd-file
  args = $dir/passwd
}
userdb {
  driver = static
  args = uid=$account gid=$group home=$dir/mail/%n allow_all_users=yes
}
namespace inbox {
  inbox = yes
}
protocol lmtp {
  postmaster_address = postmaster@campus.example
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $imap_port
  }
  inet_listener imaps {
    port = $imaps_port
    ssl = yes
  }
}
service lmtp {
  user = $account
  inet_listener lmtp {
    address = 127.0.0.1
    port = $lmtp_port
  }
}
CONFIG
  for listener in 127.0.0.2:wrong 127.0.0.3:expired 127.0.0.4:own; do
    ip=${listener%:*}
    echo "local $ip {
  ssl_cert = <$dir/tls/${listener#*:}.pem
  ssl_key = <$dir/tls/${listener#*:}.key
}"
  done
}

servers_own() {
  if [[ $(id -u) == 0 ]]; then chown -R nobody:nogroup "$@"; fi
}

servers_dovecot() {
  local user
  servers_dir=$1
  shift
  mkdir -p "$servers_dir"/{run,state,tls,mail}
  chmod 755 "$servers_dir"
  ca=$servers_dir/tls/ca.pem
  imap_port=$(servers_free_port)
  imaps_port=$(servers_free_port)
  lmtp_port=$(servers_free_port)
  servers_certificates "$servers_dir/tls"
  for user in "$@"; do
    echo "$user:{PLAIN}$user"
    mkdir -p "$servers_dir/mail/$user"/{cur,new,tmp}
  done >"$servers_dir/passwd"
  servers_dovecot_config "$servers_dir" >"$servers_dir/dovecot.conf"
  servers_own "$servers_dir"
  "${servers_as[@]}" /usr/sbin/dovecot -F -c "$servers_dir/dovecot.conf" &
  servers_pids+=($!)
  servers_await_port 127.0.0.1 "$imaps_port" "$servers_dir/dovecot.log"
}

servers_doveadm() {
  "${servers_as[@]}" doveadm -c "$servers_dir/dovecot.conf" "$@"
}

servers_deliver() {
  "${servers_as[@]}" /usr/lib/dovecot/dovecot-lda -c "$servers_dir/dovecot.conf" -d "$1" -m "${2:-INBOX}"
}

# ---- Postfix

servers_postfix_main() { # DIR
  cat <<CONFIG
compatibility_level = 3.6
queue_directory = $1/queue
data_directory = $1/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = $1/postfix.log
maillog_file_prefixes = $1
myhostname = mx.campus.example
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
alias_database =
disable_dns_lookups = yes
smtp_host_lookup = native
biff = no
recipient_delimiter = +
message_size_limit = 60000000
mailbox_size_limit = 0
virtual_mailbox_domains = campus.example, home.example
virtual_mailbox_maps = texthash:$1/users
virtual_mailbox_limit = 0
virtual_transport = lmtp:inet:127.0.0.1:$lmtp_port
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access texthash:$1/later
smtpd_tls_security_level = may
smtpd_tls_cert_file = $servers_dir/tls/good.pem
smtpd_tls_key_file = $servers_dir/tls/good.key
header_checks = regexp:$1/headers
smtputf8_enable = yes
CONFIG
}

# What an access rule prepends passes the header checks as well, so it comes under another name and is renamed there,
# where a forged header under our own id is dropped.
servers_postfix_tables() { # DIR USER…
  local dir=$1 user
  shift
  for user in "$@"; do
    printf '%s@campus.example ok\n%s@home.example ok\n' "$user" "$user"
  done >"$dir/users"
  echo 'later@campus.example ok' >>"$dir/users"
  echo 'later@campus.example 451 4.3.0 come back later' >"$dir/later"
  # shellcheck disable=SC2016 # $1 is Postfix's
  echo '/@(campus|home)\.example>?$/ PREPEND X-Stamp-By-Test: mx.campus.example; dmarc=pass header.from=$1.example' >"$dir/inside"
  # shellcheck disable=SC2016
  echo '/@([a-z.-]+)>?$/ PREPEND X-Stamp-By-Test: mx.campus.example; dmarc=fail header.from=$1' >"$dir/outside"
  cat >"$dir/headers" <<'TABLE'
/^Authentication-Results:[[:space:]]*mx\.campus\.example/ IGNORE
/^X-Stamp-By-Test: (.*)$/ REPLACE Authentication-Results: $1
TABLE
}

servers_postfix_master() { # DIR
  local service
  cat <<CONFIG
127.0.0.1:$smtp_port inet n - n - - smtpd -o smtpd_data_restrictions=check_sender_access,regexp:$1/inside
127.0.0.1:$outside_port inet n - n - - smtpd -o smtpd_data_restrictions=check_sender_access,regexp:$1/outside
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
postlog unix-dgram n - n - 1 postlogd
CONFIG
  for service in 'rewrite trivial-rewrite' 'bounce bounce 0' 'defer bounce 0' 'trace bounce 0' 'verify verify 1' 'proxymap proxymap' \
    'smtp smtp' 'lmtp lmtp' 'error error' 'retry error' 'discard discard' 'anvil anvil 1' 'scache scache 1' 'tlsmgr tlsmgr 1'; do
    # shellcheck disable=SC2086 # words on purpose
    set -- $service
    echo "$1 unix - - n - ${3:--} $2"
  done
}

servers_postfix() {
  local dir=$1
  shift
  smtp_port=$(servers_free_port)
  outside_port=$(servers_free_port)
  mkdir -p "$dir"/{etc,queue,data}
  chmod 755 "$dir" "$dir/etc"
  chown postfix "$dir/data"
  servers_postfix_tables "$dir" "$@"
  servers_postfix_main "$dir" >"$dir/etc/main.cf"
  servers_postfix_master "$dir" >"$dir/etc/master.cf"
  servers_postfix_dir=$dir
  /usr/sbin/postfix -c "$dir/etc" start >"$dir/start.log" 2>&1 || { cat "$dir/start.log" >&2; return 1; }
  servers_await_port 127.0.0.1 "$smtp_port" "$dir/postfix.log"
}

servers_stop() {
  local pid
  if [[ -s ${servers_postfix_dir:-}/queue/pid/master.pid ]]; then
    kill "$(tr -d ' ' <"$servers_postfix_dir/queue/pid/master.pid")" 2>/dev/null
  fi
  for pid in "${servers_pids[@]}"; do
    kill "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
  done
  servers_pids=()
  return 0
}
