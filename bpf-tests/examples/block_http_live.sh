#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# block_http on a wire: a web server and curl in two network namespaces, a veth pair between them. 200, then (attached)
# a timeout and an event, then (detached) 200; all else on the wire goes on.
source "$(dirname "$0")/../../cmake/checks/common.sh"
here=$(cd "$(dirname "$0")" && pwd)
program=$BPFXX_BUILD_DIR/bin/block_http
need ip iproute2
need curl curl
need python3 python3
fault=$(bpf_fault)
[ -z "$fault" ] || missing "a live test" "$fault"
[ -x "$program" ] || {
    echo "FAILED: there is no $program: build the target block_http"
    exit 1
}
server_ns=bpfxx-server-$$
client_ns=bpfxx-client-$$
scratch=$(mktemp -d)
children=()
clean_up() {
    trap '' INT TERM HUP
    kill -9 "${children[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    ip netns del $server_ns 2>/dev/null || true
    ip netns del $client_ns 2>/dev/null || true
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
ip netns add $server_ns || missing "a live test" "no network namespaces: ip netns add failed"
ip netns add $client_ns
ip -n $server_ns link add s0 type veth peer name c0 netns $client_ns
ip -n $server_ns address add 10.77.0.1/24 dev s0
ip -n $server_ns address add fd77::1/64 dev s0 nodad
ip -n $client_ns address add 10.77.0.2/24 dev c0
ip -n $client_ns address add fd77::2/64 dev c0 nodad
for side in "$server_ns s0" "$client_ns c0"; do
    read -r ns device <<<"$side"
    ip -n "$ns" link set lo up
    ip -n "$ns" link set "$device" up
done
on_server=(ip netns exec "$server_ns")
on_client=(ip netns exec "$client_ns")
begun=$SECONDS

fail() {
    echo "FAILED: $*"
    local file
    for file in "$scratch"/out "$scratch"/err "$scratch"/log; do
        if [ -s "$file" ]; then
            echo "--- ${file##*/}"
            tail -n 20 "$file"
        fi
    done
    exit 1
}
step() { echo "$((SECONDS - begun)) s: $*"; }
within() { # SECONDS COMMAND…: until it succeeds
    local tries=$(($1 * 20))
    shift
    until "$@" 2>/dev/null; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.05
    done
}

# --- a web server on ports 80 and 8080, and an echo on port 7000
mkdir "$scratch/www"
echo hello >"$scratch/www/index.html"
head -c 3000000 /dev/urandom >"$scratch/www/large"
chmod -R a+rX "$scratch"
if command -v nginx >/dev/null; then
    cat >"$scratch/nginx.conf" <<END
daemon off;
master_process off;
pid $scratch/nginx.pid;
error_log $scratch/log crit;
events { worker_connections 4096; }
http {
    access_log off;
    client_body_temp_path $scratch/b; proxy_temp_path $scratch/p; fastcgi_temp_path $scratch/f;
    uwsgi_temp_path $scratch/u; scgi_temp_path $scratch/s;
    server { listen 80; listen [::]:80; listen 8080; listen [::]:8080; root $scratch/www; }
}
END
    "${on_server[@]}" nginx -e "$scratch/log" -p "$scratch" -c "$scratch/nginx.conf" &
    children+=($!)
else
    cat >"$scratch/web.py" <<'END'
import functools, http.server, socket, sys, threading

class server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
    request_queue_size = 1024

page = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
threading.Thread(target=server(("::", 8080), page).serve_forever).start()
server(("::", 80), page).serve_forever()
END
    "${on_server[@]}" python3 "$scratch/web.py" "$scratch/www" >"$scratch/log" 2>&1 &
    children+=($!)
fi
cat >"$scratch/echo.py" <<'END'
import socket, sys, threading, time

def serve(connection):
    while data := connection.recv(65536):
        connection.sendall(data)

def talk(connection, times):
    for i in range(times):
        sent = b"\x16\x03\x03 line %d " % i + bytes(i % 5000)
        connection.sendall(sent)
        there = b""
        while len(there) < len(sent):
            there += connection.recv(65536) or sys.exit("the connection was closed")
        if there != sent:
            sys.exit("other bytes came back")

if sys.argv[1] == "serve":
    server = socket.create_server(("::", 7000), family=socket.AF_INET6, dualstack_ipv6=True)
    while True:
        threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
elif sys.argv[1] == "talk":  # HOST TIMES
    talk(socket.create_connection((sys.argv[2], 7000), timeout=30), int(sys.argv[3]))
elif sys.argv[1] == "hold":  # one connection for as long as lines come
    connection = socket.create_connection((sys.argv[2], 7000), timeout=30)
    for line in sys.stdin:
        talk(connection, 20)
        print("ok", flush=True)
else:  # many HOST COUNT: so many connections, each of which sends one request
    connections = [socket.create_connection((sys.argv[2], 80), timeout=30) for _ in range(int(sys.argv[3]))]
    for i, connection in enumerate(connections):
        connection.sendall(b"GET /?%d HTTP/1.1\r\nHost: a\r\n\r\n" % i)
        if i % 100 == 99:
            time.sleep(0.02)
END
"${on_server[@]}" python3 "$scratch/echo.py" serve &
children+=($!)

four=10.77.0.1 six='[fd77::1]' # as URLs have them
curl=(curl --silent --noproxy '*')
status() { # URL: curl's status code, or its error
    local code=0 said
    said=$("${on_client[@]}" "${curl[@]}" -o "$scratch/page" -w '%{http_code}' -m "${2:-1}" "http://$1") || code=$?
    if [ $code = 0 ]; then echo "$said"; else echo "error $code"; fi
}
is_200() { [ "$(status "$1" 20)" = 200 ]; }
reachable() { # ADDRESS…
    local address
    for address in "$@"; do
        within 30 is_200 "$address/" || fail "no page from $address: $(status "$address/")"
        [ "$(cat "$scratch/page")" = hello ] || fail "another page from $address"
    done
}
blocked() { # ADDRESS…: a request is sent, and nothing comes
    local address is try
    for address in "$@"; do
        for try in 1 2 5 20; do
            is=$("${on_client[@]}" "${curl[@]}" -o /dev/null -w '%{http_code} %{size_request}' -m "$try" "http://$address/") || is+=" error $?"
            if [[ $is != *' 0 error'* ]]; then break; fi # too slow a machine even to ask
        done
        [[ $is =~ ^000\ [1-9][0-9]*\ error\ 28$ ]] || fail "$address should time out, but: $is" # 28: operation timed out
    done
}
for address in "$four" "$six" "$four:8080" "$six:8080"; do
    within 30 is_200 "$address/" || fail "no web server at $address"
done
within 30 "${on_client[@]}" python3 "$scratch/echo.py" talk 10.77.0.1 1 || fail "no echo"

# --- block_http, in the background
attached() { grep -q '^block_http: attached to' "$scratch/err"; }
attach() { # NAMESPACE INTERFACE OPTION…
    local ns=$1 device=$2
    shift 2
    : >"$scratch/out"
    : >"$scratch/err"
    ip netns exec "$ns" "$program" --interface "$device" "$@" >"$scratch/out" 2>"$scratch/err" &
    blocker=$!
    children+=("$blocker")
    within 30 attached || fail "not attached to $device"
}
ended() { ! kill -0 "$1" 2>/dev/null; }
leave() { # PID STATUS: it ends within 30 s, in that way
    local code=0
    within 30 ended "$1" || fail "does not end"
    wait "$1" || code=$?
    [ $code = "$2" ] || fail "exit status $code, expected $2"
}
bare() { # nothing is attached any more, as ip and bpftool see it
    ! ip -n $server_ns -d link show s0 | grep -q xdp && ! "${on_server[@]}" bpftool net show | grep -q 's0'
}
detach() { # SIGNAL [STATUS]
    kill -s "$1" "$blocker"
    if [ "$1" = KILL ]; then
        wait "$blocker" 2>/dev/null || true # where bash says that it was killed
    else
        leave "$blocker" "$2"
    fi
    within 30 bare || fail "still attached after SIG$1: $(ip -n $server_ns link show s0)"
}
says() { # out|err PATTERN…
    local file=$1 pattern
    shift
    for pattern in "$@"; do
        within 30 grep -Eq -e "$pattern" "$scratch/$file" || fail "no '$pattern' in its ${file/#err/error} output"
    done
}

mkfifo "$scratch/more"
"${on_client[@]}" python3 "$scratch/echo.py" hold fd77::1 <"$scratch/more" >"$scratch/held" 2>"$scratch/log" &
children+=($!)
exec 4>"$scratch/more"
rounds=0
answered() { [ "$(wc -l <"$scratch/held")" = $rounds ]; }
holds() { # a connection that was made before anything was attached
    echo >&4
    rounds=$((rounds + 1))
    within 30 answered || fail "an old connection has stopped"
}
unharmed() {
    "${on_client[@]}" python3 "$scratch/echo.py" talk 10.77.0.1 200 || fail "other TCP in IPv4 is harmed"
    "${on_client[@]}" python3 "$scratch/echo.py" talk fd77::1 200 || fail "other TCP in IPv6 is harmed"
    holds
}
holds

for mode in native generic; do
    step "$mode mode"
    option=(--json)
    if [ $mode = generic ]; then option=(--generic); fi
    attach $server_ns s0 "${option[@]}"
    says err "^block_http: attached to s0 \($mode mode\)"
    ip -n $server_ns link show s0 | grep -q "xdp${mode#native}" || fail "ip link does not show it"
    blocked "$four" "$six"
    unharmed
    if [ $mode = native ]; then
        says out '"kind":"request","src":"10\.77\.0\.2","src_port":[0-9]+,"dst":"10\.77\.0\.1","dst_port":80,' \
            '"start":"GET / HTTP/1\.1",' '"start_hex":"474554202f' \
            '"src":"fd77::2","src_port":[0-9]+,"dst":"fd77::1","dst_port":80,'
        python3 "$here/captures.py" json "$scratch/out" event time kind src src_port dst dst_port start start_hex \
            >/dev/null || fail "events are not JSON lines"
        [ "$(wc -l <"$scratch/err")" -ge 2 ] || says err '^block_http: dropped [1-9]'
        detach TERM 0
    else
        says out '^[0-9:.]{15} #1 request 10\.77\.0\.2:[0-9]+ > 10\.77\.0\.1:80 GET / HTTP/1\.1$' \
            ' request \[fd77::2\]:[0-9]+ > \[fd77::1\]:80 GET / HTTP/1\.1$'
        detach INT 0
        says out '^reason +pass +drop$' '^none +[0-9]+ +[1-9]' '^total '
    fi
    says err '^block_http: detached from s0; dropped [1-9][0-9]*, passed [1-9][0-9]*, lost events 0$'
    reachable "$four" "$six"
    holds
done

step "a port that is exempt, and killed"
attach $server_ns s0 --exempt 8080
reachable "$four:8080" "$six:8080"
"${on_client[@]}" "${curl[@]}" -m 10 -o "$scratch/large" "http://$four:8080/large"
cmp "$scratch/large" "$scratch/www/large" || fail "what passes arrives otherwise"
blocked "$four"
says out '#1 request'
detach KILL
reachable "$four" "$six"

step "responses alone, on the other side"
attach $client_ns c0 --match response
blocked "$four"
says out '^[0-9:.]{15} #1 response 10\.77\.0\.1:80 > 10\.77\.0\.2:[0-9]+ HTTP/1\.[01] 200 OK$'
! grep -q request "$scratch/out" || fail "requests too"
kill "$blocker"
leave "$blocker" 0
reachable "$four"

step "a second one is refused, or takes over"
attach $server_ns s0
first=$blocker
code=0
"${on_server[@]}" timeout 60 "$program" --interface s0 >"$scratch/out2" 2>"$scratch/err2" || code=$?
[ $code = 1 ] || fail "a second one: exit status $code"
grep -Eq "cannot attach .* to s0: XDP program 'block_http' \(id [0-9]+, native\) is attached there" "$scratch/err2" ||
    fail "a second one: $(cat "$scratch/err2")"
kill -0 "$first" || fail "the second one has ended the first"
blocked "$four"
cp "$scratch/err" "$scratch/err_first"
attach $server_ns s0 --replace
leave "$first" 1
blocked "$four"
says out '#1 request'
detach TERM 0
reachable "$four"
attach $server_ns s0
ip -n $server_ns link set dev s0 xdpdrv off 2>/dev/null || true # a link holds it: refused
bpftool link detach id "$(bpftool -j link show | python3 -c '
import json, sys
print(max(l["id"] for l in json.load(sys.stdin) if l["type"] == "xdp"))')" >/dev/null
leave "$blocker" 1
says err 'HTTP on s0 is no longer blocked: the program was detached from outside'
reachable "$four"

step "the interface goes"
ip -n $server_ns link add x0 type veth peer name x1
ip -n $server_ns link set x0 up
attach $server_ns x0
ip -n $server_ns link del x0
leave "$blocker" 1
says err 'block_http: interface x0 has vanished'

step "the reader goes"
"${on_server[@]}" "$program" --interface s0 2>"$scratch/err" > >(head -n 1 >"$scratch/out") &
blocker=$!
children+=("$blocker")
within 30 attached || fail "not attached to s0"
status "$four/" 5 >/dev/null # the first event is read, and then nobody reads when the request is sent once more
leave "$blocker" 1
says out '#1 request'
says err 'cannot write.*Broken pipe'
within 30 bare || fail "still attached"

step "1000 requests at once"
attach $server_ns s0 --json
"${on_client[@]}" python3 "$scratch/echo.py" many 10.77.0.1 500 || fail "no connections"
"${on_client[@]}" python3 "$scratch/echo.py" many fd77::1 500 || fail "no connections"
all_told() { # each request's event is there, or was counted as lost
    local lost senders
    lost=$(grep -o 'lost events [0-9]*' "$scratch/err" | tail -n 1)
    lost=${lost##* }
    senders=$(grep -o '"src":"[^"]*","src_port":[0-9]*' "$scratch/out" | sort -u | wc -l)
    [ $((senders + ${lost:-0})) -ge 1000 ]
}
within 30 all_told || fail "not all requests are told of"
detach TERM 0
python3 - "$scratch/out" "$scratch/err" <<'END' || fail "events and totals do not agree"
import json, re, sys
events = [json.loads(line) for line in open(sys.argv[1])]
totals = r"detached from s0; dropped (\d+), passed \d+, lost events (\d+)"
dropped, lost = re.search(totals, open(sys.argv[2]).read()).groups()
requests = {(e["src"], e["src_port"]) for e in events if re.fullmatch(r"GET /\?\d+ HTTP/1.1", e["start"])}
print(f"{dropped} dropped, {len(events)} events of {len(requests)} requests, {lost} lost")
assert [e["event"] for e in events] == list(range(1, len(events) + 1))
assert len(events) + int(lost) == int(dropped)
assert len(requests) == 1000 if lost == "0" else len(requests) + int(lost) >= 1000
END
reachable "$four" "$six"
unharmed
step "done"
