# Typed by tests/admin.sh on its booted machine, after README's section: bad settings, many failures, clients all the while.
set -eu
cd ~/coordd
admin="coordctl --context ./admin.context"
said() { echo "ok    admin: $1"; }
failed() { echo "FAILED: $1"; sudo systemctl status coordd.socket coordd.service --no-pager || true; sudo journalctl -u coordd.service -u coordd.socket -u coord-relay.service -n 60 --no-pager; exit 1; }
state() { systemctl show -P ActiveState "$1"; }
# Waits until a command holds.
until_true() {
    local end=$((SECONDS + 120))
    while ! "$@" > /dev/null 2>&1; do
        [ $SECONDS -lt $end ] || failed "never came true: $*"
        sleep 0.2
    done
}
restarted() { [ "$(restarts)" -ge "$1" ]; }
logged() { sudo journalctl -u "$1" --no-pager | grep -q -- "$2"; }
restarts() { systemctl show -P NRestarts coordd.service; }
listening() { [ "$(state coordd.socket)" = active ]; }
serving() { [ "$(state coordd.service)" = active ]; }

# What the section has left: the programme, on a public address, with the broker running.
[ "$($admin task list | wc -l)" -gt 30 ] || failed "the programme is not there"
serving && listening || failed "it does not run"
sudo ss -ltn | grep -q '[*]:5670' || failed "the socket is not on all addresses"
[ -z "$($admin apply -f /usr/share/doc/coordd/examples/programme.json --backdated)" ] || failed "applied again it changes something"
said "the socket moved to a public address, and the programme is there"

# The relay runs as closed as its unit has it: what it is told is in its queue, and goes to the mail server, which is not there.
until_true systemctl is-active coord-relay.service
until_true logged coord-relay.service 'listening as consumer'
$admin task assign --to ubt --reference R-1 --title 'Rà soát' > /dev/null
until_true sh -c 'sudo -u coord-relay coord-relay queue | grep -Eq "^(waiting|sending) +[1-9]"'
$admin task escalate R-1 --to ubt --note 'Thử báo cáo vượt cấp.' > /dev/null
until_true sudo grep -q escalated /var/lib/coord-relay/duty.jsonl
sudo systemctl reload coord-relay.service || failed "the relay reads its configuration again"
until_true logged coord-relay.service 'goes by the configuration as it is now'
said "the relay delivers, from within its unit, and reads its configuration again"

# A mistake in a setting, at a reload: systemctl says so by its exit status, and the broker serves on as before.
sudo sh -c 'printf "[limits]\nstreams = many\n" > /etc/coordd/coordd.conf'
if sudo systemctl reload coordd.service 2> /dev/null; then failed "a reload was taken with a wrong setting"; fi
serving && $admin status > /dev/null || failed "it does not serve after a reload that was refused"
until_true logged coordd.service 'must be a whole number' # which says for which setting a reload was refused
sudo sh -c 'printf "[limits]\nstreams = 5000\n" > /etc/coordd/coordd.conf'
sudo systemctl reload coordd.service || failed "a reload of a good setting is refused"
until_true logged coordd.service 'limits reloaded'
said "a bad setting at a reload: systemctl fails, and it serves on; a good one is taken"

# A mistake in a setting, at start: it says which, the socket stays, and who asked meanwhile is answered once it is mended.
sudo sh -c 'printf "[limits]\nconections = 10\n" > /etc/coordd/coordd.conf'
if sudo systemctl restart coordd.service 2> /dev/null; then failed "it started with a wrong setting"; fi
until_true restarted 8
listening || failed "the socket went down with a bad configuration"
until_true logged coordd.service conections
$admin --timeout 300 status > asked 2>&1 & asking=$!
for _ in $(seq 50); do timeout 1 bash -c 'exec 3<> /dev/tcp/127.0.0.1/5670' 2> /dev/null || true; done # and others, who give up
until_true restarted 10
listening || failed "the socket went down when clients knocked"
sudo rm /etc/coordd/coordd.conf
until_true serving
wait $asking || { cat asked; failed "who asked meanwhile was not answered"; }
said "a bad setting at start: the socket stays, and it serves once the setting is mended"

# Many failures in a row.
for _ in $(seq 8); do
    until_true serving
    before=$(restarts)
    sudo systemctl kill -s KILL coordd.service
    until_true restarted $((before + 1))
done
until_true serving
listening || failed "the socket went down after many failures"
$admin status > /dev/null || failed "it does not answer after many failures"
said "eight kills in a row: it comes back each time, and the socket stays"

# A missing store, then its return.
sudo systemctl stop coordd.socket coordd.service
sudo mv /var/lib/coordd/coordd.db /var/lib/coordd/away
sudo systemctl start coordd.socket
$admin --timeout 300 status > asked 2>&1 & asking=$!
until_true restarted 3
listening || failed "the socket went down without a store"
sudo mv /var/lib/coordd/away /var/lib/coordd/coordd.db
wait $asking || { cat asked; failed "who asked was not answered when the store was back"; }
said "a missing store: it serves when the store is back"
