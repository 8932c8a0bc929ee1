/* The settings of coordd.conf: one row each. The parser, the defaults, the checks and the manual page are walks over
 * this table.
 *   C(section, type, name, default, min, max, "sentence")
 * Types: text (bounds are bytes), endpoint (a text that ZeroMQ can bind), places (a text: endpoints where
 * clients find a broker, by commas), level (a text, of base/log.h), store, tls and role (texts too, each one of a few words), number (bounds are the value).
 * lease_seconds has two of the leader's signs of life at least, one of which may be late, and a minute at most, which is longer than
 * anybody should be without a broker. The section limits takes effect on SIGHUP, but for handshake_ms and reserve_bytes; the rest at the next start.
 */
#ifndef COORDD_CONFIG_DEF_H
#define COORDD_CONFIG_DEF_H

#define COORDD_SETTINGS(C) COORDD_DAEMON(C) COORDD_JOURNAL(C) COORDD_LIMITS(C)

#define COORDD_DAEMON(C)                                                                                               \
    C(daemon, text, directory, "/var/lib/coordd", 1, 4000, "Where the store is, and the file of closed tasks.")         \
    C(daemon, text, backup_directory, "", 0, 4000, "Where backups are written; `backup` in the store when empty.")     \
    C(daemon, endpoint, listen, "tcp://127.0.0.1:5670", 1, 256, "ZeroMQ endpoint; ignored under socket activation.")       \
    C(daemon, endpoint, listen_local, "", 0, 256, "A second endpoint, `ipc:///run/coordd/coordd.sock`; none when empty.")  \
    C(daemon, text, secret_key_file, "", 0, 4000, "The server's CURVE secret; `server.key` in the store when empty.")  \
    C(daemon, number, clock_hours, 36, 1, 8760, "A clock further than this from what is known is doubted, unless the " \
                                                "kernel says that it is synchronised.")                                \
    C(daemon, level, log_level, "info", 4, 7, "debug, info, warning or error.")                                        \
    C(daemon, places, advertise, "", 0, 199, "What contexts that are made here name as `endpoint`: where clients find " \
                                                "the broker, by commas each machine that may serve, at most 8; `listen` " \
                                                "when empty.")                                                         \
    C(daemon, endpoint, endpoint, "", 0, 199, "Where clients find this very broker, where several serve a store: "     \
                                              "others name it by this. When empty, `advertise` if that names one, or " \
                                              "else `listen`, if that is the address of a machine.")

#define COORDD_JOURNAL(C)                                                                                              \
    C(journal, store, store, "sqlite", 6, 10, "sqlite, a file in `directory`; or postgresql, which the settings after " \
                                              "this one are about.")                                                   \
    C(journal, text, hosts, "/run/postgresql", 1, 1000, "HOST, HOST:PORT, [ADDRESS]:PORT or the directory of a socket; " \
                                                        "of a cluster all of them, separated by commas, at most 8.")   \
    C(journal, text, database, "coordd", 1, 63, "The database, which must be there.")                                  \
    C(journal, text, user, "coordd", 1, 63, "The role that the broker connects as.")                                   \
    C(journal, text, schema, "coordd", 1, 50, "The schema that the store has for itself.")                             \
    C(journal, text, password_file, "", 0, 4000, "A file with the role's password, which others may not read; none when " \
                                                 "empty.")                                                             \
    C(journal, tls, tls, "verify", 3, 6, "verify, which wants `ca_file`; or off, where nobody else is on the way to the " \
                                         "hosts. A socket has none.")                                                  \
    C(journal, text, ca_file, "", 0, 4000, "The certificates of who vouches for the hosts'.")                          \
    C(journal, text, certificate_file, "", 0, 4000, "A certificate of the broker's own, instead of a password; none when " \
                                                    "empty.")                                                          \
    C(journal, text, key_file, "", 0, 4000, "The key of `certificate_file`, which others may not read.")               \
    C(journal, number, patience_seconds, 30, 1, 3600, "A PostgreSQL that is lost is looked for so long before the broker " \
                                                      "stops.")                                                        \
    C(journal, role, role, "alone", 5, 9, "alone: a store that another broker leads is refused; candidate: it is "     \
                                          "waited for, and taken over when nobody leads it any more; or follower: so too, " \
                                          "and until then this broker answers what is asked, by what the other writes.") \
    C(journal, number, lease_seconds, 3, 2, 60, "A candidate or follower takes over from a leader that gave no sign of " \
                                                "life for so long, which it does once a second.")                      \
    C(journal, number, follower_wait_ms, 1000, 0, 60000, "A follower that has not come so far yet as a request wants " \
                                                         "it lets that wait so long.")                                 \
    C(journal, number, lag_max_seconds, 10, 1, 86400, "A follower that has heard of nothing newer for so long answers " \
                                                      "no questions about tasks, and ends its streams.")

#define COORDD_LIMITS(C)                                                                                               \
    C(limits, number, requests_per_second, 0, 0, 10000000, "Per key; 0 sets no limit.")                                \
    C(limits, number, requests_burst, 10000, 1, 10000000, "So many at once before the rate counts.")                   \
    C(limits, number, requests_in_flight, 16384, 1, 1000000, "Per key: unanswered requests, those in batches counted.") \
    C(limits, number, streams, 20000, 1, 1000000, "Streams in all; of this broker, where several serve a store.")      \
    C(limits, number, connections, 20000, 1, 1000000, "Connections that have spoken, in all.")                                           \
    C(limits, number, silent_connections, 2048, 1, 1000000, "Connections that have not spoken yet, of one address; "   \
                                                            "four times as many in all.")                              \
    C(limits, number, unsent_bytes, 8388608, 8388608, 1073741824, "What waits for a connection that does not read; "  \
                                                                  "with half of it no more is answered, and past it "  \
                                                                  "the connection is cut.")                            \
    C(limits, number, agency_waiting_bytes, 16777216, 2097152, 1073741824, "Requests of one agency that wait for its "  \
                                                                           "turn, and as much of such as are not whole " \
                                                                           "yet; eight times as many of all.")          \
    C(limits, number, agency_connections, 512, 1, 1000000, "Connections of one agency that have spoken.")             \
    C(limits, number, agency_streams, 512, 1, 1000000, "Streams of one agency, at this broker.")                       \
    C(limits, number, agency_consumers, 64, 1, 1024, "Durable consumers of one agency; one more takes the place of the " \
                                                     "one that is furthest behind.")                                   \
    C(limits, number, agency_unsent_bytes, 33554432, 16777216, 17179869184, "Answers that wait for all connections of "  \
                                                                            "one agency; with half of it no more is "  \
                                                                            "answered, and past it they are cut.")     \
    C(limits, number, agency_tasks, 2000000, 1, 100000000, "Tasks that one agency has given, open and closed.")        \
    C(limits, number, agency_task_bytes, 1073741824, 1048576, 1099511627776, "Bytes of what one agency has asked in "    \
                                                                             "its tasks, open and closed, and 256 for each; and " \
                                                                             "of its schedules and documents.") \
    C(limits, number, agency_daily_bytes, 8589934592, 0, 1099511627776, "What one agency's changes may write in a day; " \
                                                                        "0 sets no limit.")                            \
    C(limits, number, handshake_ms, 10000, 100, 600000, "A connection that has not proved its key by then is cut.")    \
    C(limits, number, batch_records, 4096, 1, 65536, "Records in one commit, about.")                                  \
    C(limits, number, recent_bytes, 67108864, 1048576, 4294967296, "Records kept in memory for streams a little "      \
                                                                   "behind; further behind reads the journal.")        \
    C(limits, number, checkpoint_records, 100000, 100, 100000000, "A checkpoint begins after so many records.")        \
    C(limits, number, checkpoint_rows, 256, 1, 65536, "Rows a checkpoint adds to one commit.")                         \
    C(limits, number, reserve_bytes, 16777216, 0, 1073741824, "Disk kept back, so that deadlines still fire when full.")

#endif
