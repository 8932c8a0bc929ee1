/* coord-web's server: browsers on one side, the broker on the other, one loop between them on one thread (but for the
 * hashing of passwords). What a browser asks becomes a struct request; what the broker tells goes round to whoever looks.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "broker.h"
#include "config.h"
#include "front.h"
#include "limit.h"
#include "password.h"
#include "store.h"

/* E(CONSTANT, code, HTTP status, name, retry, sentence): what coord-web itself refuses; `retry` as the protocol's. The
 * protocol's own errors pass through with their numbers, which are below 900. */
#define WEB_ERRORS(E)                                                                                                  \
    E(NOT_FOUND, 901, 404, "not_found", false, "There is nothing here.")                                               \
    E(METHOD, 902, 405, "method", false, "This is asked by another method.")                                           \
    E(SIGN_IN_NEEDED, 903, 401, "sign_in_needed", false, "Sign in first; the session may have ended.")                 \
    E(SIGN_IN_REFUSED, 904, 401, "sign_in_refused", false, "The name, the password or the code is not right.")         \
    E(CODE_NEEDED, 905, 401, "code_needed", false, "This account also asks for the six digits of the telephone.")      \
    E(LOCKED, 906, 429, "locked", true, "Too many attempts failed; wait, and try again.")                              \
    E(CSRF, 908, 403, "csrf", false, "X-CSRF must be what /api/me says, from this site's own pages.")                  \
    E(BAD_JSON, 909, 400, "bad_json", false, "The body must be one JSON object.")                                      \
    E(BAD_BODY, 910, 415, "bad_body", false, "The body must be application/json.")                                     \
    E(BAD_FIELD, 911, 400, "bad_field", false, "The field is not as it must be.")                                      \
    E(TOO_LARGE, 912, 413, "too_large", false, "The body is larger than may be.")                                      \
    E(TOO_MANY, 913, 429, "too_many", true, "This session asks faster than it may; wait a second.")                    \
    E(BUSY, 914, 503, "busy", true, "Too much is under way at the moment; try again in a second.")                     \
    E(FULL, 915, 507, "full", true, "The server's disk is full, or the place for evidence is; nothing was kept.")      \
    E(STORE, 916, 500, "store", false, "What coord-web keeps could not be read or written.")                           \
    E(NO_CONTEXT, 918, 403, "no_context", false, "The account is of an agency that this server does not serve.")       \
    E(STOPPING, 919, 503, "stopping", true, "The server is stopping; try again.")                                      \
    E(SHARE_FULL, 920, 507, "share_full", false,                                                                       \
      "What this account has sent fills its share of the place for evidence.")
enum web_error {
#define E(constant, code, status, name, retry, sentence) WEB_E_##constant,
    WEB_ERRORS(E)
#undef E
};

#define WEB_VIEWERS_MAX  1024 /* open /api/events: as many as there may be connections */
#define WEB_CALLS_MAX    512  /* requests that wait for the broker; libcoord's window of each context is 1024 */
#define WEB_SESSION_RATE 40   /* requests a second of one session; a page asks some ten when it opens… */
#define WEB_SESSION_HELD 200  /* …and may do so many at once */
#define WEB_SIGN_IN_RATE 5    /* attempts a second of all together: half of what the thread can hash */
#define WEB_SIGN_IN_HELD 20

struct viewer;
struct metrics;
struct overview;
struct upload;

struct web {
    const struct config *config;
    const char *dir;
    struct store *store;
    struct front *front;
    struct passwords *passwords;
    struct metrics *metrics; /* NULL when nobody scrapes */
    struct broker *brokers[CONFIG_CONTEXTS_MAX];
    size_t broker_count;
    struct overview *overviews; /* of the contexts whose leader's page was asked for */
    struct viewer *viewers[WEB_VIEWERS_MAX];
    size_t viewer_count;
    struct limit *session_limit, *sign_in_limit;
    int64_t now;    /* of this round, since 1970 */
    int64_t steady; /* of this round, by a clock that is never set */
    unsigned calls; /* that wait for the broker or the password's thread */
    bool stopping;
    int64_t evidence_bytes; /* of all pieces that are kept */
    struct upload *uploads; /* under way */
    struct {
        uint64_t requests, refused, signed_in, sign_ins_refused, events, viewers_cut;
    } counts; /* since the start */
};

/* The broker of a context's name; NULL when the configuration has none. */
struct broker *web_broker(const struct web *web, const char *context);

#endif
