/* One HTTP request, from its first line to its answer. A handler answers at once or waits: then whoever it waits for
 * answers, in a later round of the loop.
 */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include <jansson.h>
#include <microhttpd.h>

#include "buffer.h"
#include "web.h"

enum listener { LISTENER_WEB, LISTENER_PROXY, LISTENER_METRICS };

struct upload;
struct request;

typedef void request_handler(struct request *request);

/* What must hold before a handler is called. */
enum route_needs {
    NEEDS_NOTHING,
    NEEDS_SESSION,
    NEEDS_CHANGE, /* a session, and X-CSRF */
    NEEDS_ACT,    /* and the right to act */
};

struct route {
    const char *method, *path; /* a path that ends with / takes all below it */
    enum route_needs needs;
    size_t body_max; /* 0: none is taken */
    bool uploads;    /* the body goes to a file as it comes, not to memory */
    request_handler *handle;
};

struct request {
    struct web *web;
    struct MHD_Connection *connection;
    enum listener listener;
    const struct route *route;
    char *path;       /* decoded, without the query */
    const char *rest; /* of the path, behind the route's */
    struct buffer body;
    struct upload *upload;
    struct session session; /* when has_session */
    bool has_session, by_proxy;
    struct MHD_Response *answer; /* until it is queued */
    unsigned status;
    bool handled, waiting;
    char cookie[200]; /* to be set by the answer; "" for none */
};

const struct route *route_find(enum listener listener, const char *method, const char *path, bool *is_there);

/* The value of a header or of the query; NULL when there is none. MHD's, valid as long as the request. */
const char *request_header(const struct request *request, const char *name);
const char *request_query(const struct request *request, const char *name);

#define REQUEST_PACKED_MIN 1400 /* bytes of JSON that go packed: more than one packet holds */
bool request_takes_packed(const struct request *request);

/* Looks who asks: by cookie, or by the proxy's header where that counts. */
void request_identify(struct request *request);
/* Whether the route may be asked; otherwise it is answered. */
bool request_allowed(struct request *request);
/* Whether one more may wait for the broker; otherwise it is answered. */
bool request_may_call(struct request *request);
/* The body as one JSON object, a new one; NULL and answered when it is none. */
json_t *request_json(struct request *request);
/* X-CSRF and where the page is from; false and answered when they are not right. */
bool request_check_csrf(struct request *request);

/* Answers, each once; the object and the response are taken. */
void request_give(struct request *request, unsigned status, json_t *object);
void request_respond(struct request *request, unsigned status, struct MHD_Response *response);
void request_respond_text(struct request *request, unsigned status, const char *type, const char *text, size_t size);
void request_refuse(struct request *request, enum web_error error, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void request_refuse_size(struct request *request, const char *field, uint64_t most); /* TOO_LARGE, with `limit` */
void request_refuse_store(struct request *request);                                  /* by store_error */
/* An error of the protocol or of libcoord. */
void request_problem(struct request *request, int error, const struct problem *problem);

/* The handler does not answer yet. */
void request_wait(struct request *request);

/* Begins a session of a user, whose cookie the answer will set; false and answered when it cannot be kept. */
bool request_begin_session(struct request *request, const char *name);
/* Who the session is, with the cookie. */
void request_give_me(struct request *request);
/* Sends on, with the cookie. */
void request_redirect(struct request *request, const char *where);
/* What the session may do: its user's rights as far as the key of its context has them, too. */
uint32_t request_rights(const struct request *request);
/* Whether this right is among them; answered when it is not. */
bool request_has_right(struct request *request, int right);

/* Headers of every answer. */
void respond_safely(const struct web *web, struct MHD_Response *response, const char *cache);

request_handler handle_sign_in, handle_sign_out, handle_login, handle_me, handle_password, handle_calendar;
request_handler handle_op, handle_overview, handle_events, handle_evidence_put, handle_evidence_get, handle_ics,
    handle_metrics, handle_acknowledge, handle_front;

/* ---- between http.c and the rest ---- */

bool upload_take(struct request *request, const char *bytes, size_t size); /* false and answered when it may not */
void upload_free(struct upload *upload);
void viewers_wake(struct web *web, const struct broker *broker);     /* NULL: of all */
bool viewers_of(const struct web *web, const struct broker *broker); /* whether there are any */
void viewers_end(struct web *web, const char *session_hash);         /* NULL: all */
void viewers_check(struct web *web); /* ends those who may no longer hear what they hear */

#endif
