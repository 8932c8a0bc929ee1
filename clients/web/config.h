/* coord-web's configuration, as coord-web.conf(5) describes it: checked whole before anything goes by it. */
#ifndef WEB_CONFIG_H
#define WEB_CONFIG_H

#include "address.h"

#define CONFIG_CONTEXTS_MAX 64 /* each is a connection, a stream and a ring of events: 64 × 16 MiB at the very most */
#define WEB_DIR             "/var/lib/coord-web" /* sessions, users, evidence; the service manager makes it */
#define WEB_FRONT           "/usr/share/coordd/web"

struct config {
    struct names contexts; /* names, as coordctl has them: one an agency */
    struct address listen;
    struct address proxy;      /* a Unix socket on which a header says who asks */
    const char *proxy_header;  /* which */
    struct address metrics;    /* where /metrics is served, and nothing else */
    const char *relay_dir;     /* whose queue the metrics count; NULL for none */
    const char *link_secret;   /* what the relay signs its links with; NULL for none */
    const char *url;           /* how browsers reach it: links begin so, and cookies are `Secure` when it is https */
    const char *front;         /* the built pages */
    int64_t idle, longest;     /* a session ends after so long without a request, and after so long */
    uint32_t file_max_mib;     /* of one piece of evidence */
    uint32_t evidence_max_mib; /* of all of it */
    uint32_t user_max_mib;     /* of what one account has sent */
    struct arena arena;
};

/* Reads a file and checks it whole. NULL when there are faults, which are then in `faults`, a line each. The caller
 * frees both (buffer_done). With `here` the contexts that it names must be there for this user. */
struct config *config_read(const char *file, bool here, struct buffer *faults);
void config_free(struct config *config);

#endif
