/* The relay's configuration, as coord-relay.conf(5) describes it: checked whole before anything goes by it. */
#ifndef RELAY_CONFIG_H
#define RELAY_CONFIG_H

#include "address.h"
#include "hours.h"
#include "matcher.h"
#include "reader.h"

#define CONFIG_ROUTES_MAX    1024 /* of the whole tree: a notification is held against each, some 100 ns, so 0.1 ms */
#define CONFIG_ROUTES_DEEP   16
#define CONFIG_RECEIVERS_MAX 64 /* each has its turn in every round of sending */
#define CONFIG_RULES_MAX     64 /* inhibitions; each is held against what is open of the task */

#define RELAY_DIR            "/var/lib/coord-relay" /* where the queue is kept; the service manager makes it at the first start */
#define RECEIVER_AT_ONCE_MAX 16 /* of one receiver: a quarter of all that may be under way, so that none takes all */

enum language { LANGUAGE_VI, LANGUAGE_EN };

/* ---- people ---- */

struct away {
    int64_t from, until;  /* days since 1970, both included */
    const char *stand_in; /* a person's id */
};

/* How a reader wants to be told: a person, or a receiver of what goes to no person of the book. */
struct wishes {
    enum language language;
    struct hours hours;   /* outside of these what is not urgent waits for the next opening */
    struct digest digest; /* and how it comes then */
    int urgent;           /* this severity and above is told at once, at any hour */
};

struct person {
    const char *id, *name, *mail, *phone;
    struct names agencies;
    struct wishes wishes;
    struct away *away;
    size_t away_count;
    int line;
};

/* ---- receivers ---- */

/* K(CONSTANT, name) */
#define RECEIVER_KINDS(K) K(LINES, lines) K(COMMAND, command) K(WEBHOOK, webhook) K(MAIL, mail)
enum receiver_kind {
#define K(constant, name) RECEIVER_##constant,
    RECEIVER_KINDS(K)
#undef K
        RECEIVER_KINDS_COUNT
};

enum mail_tls { MAIL_STARTTLS, MAIL_TLS, MAIL_PLAIN };

struct pair {
    const char *name, *value;
};

struct pairs {
    struct pair *items;
    size_t count;
};

struct receiver {
    const char *name;
    enum receiver_kind kind;
    bool each_person;     /* one delivery for each person of the agency, else one for all */
    struct wishes wishes; /* of what goes to no person of the book */
    int64_t timeout;
    uint32_t at_once;     /* deliveries under way at most */
    uint32_t rate;        /* deliveries… */
    int64_t rate_span;    /* …in so long, evenly; 0 for no limit */
    const char *file;     /* lines: where to; "-" for standard output */
    struct names run;     /* command: the program and its arguments */
    uint32_t output_max;  /* command: bytes that it may say */
    const char *url;      /* webhook, mail */
    const char *secret;   /* webhook: what signs it; mail: the password */
    const char *body;     /* webhook: a template, or NULL for the whole as JSON */
    struct pairs headers; /* webhook: those of files too */
    struct pairs answer;  /* webhook: what its answer has when it was taken; none: a status of 2xx is enough */
    const char *ca_file;  /* webhook, mail */
    enum mail_tls tls;
    const char *user, *from, *reply_to;
    struct names to; /* mail: of what goes to no person of the book */
    int line;
};

/* ---- routes ---- */

/* G(CONSTANT, name, how it is put, what a notification has there) */
#define ROUTE_GROUPS(G)                                                                                                \
    G(AGENCY, agency, text, notification->agency)                                                                      \
    G(TASK, task, number, notification->task)                                                                          \
    G(NOTICE, notice, text, term_name(&vocabulary_notice, notification->notice))                                       \
    G(SEVERITY, severity, text, term_name(&vocabulary_severity, notification->severity))                               \
    G(KIND, kind, text, term_name(&vocabulary_kind, notification->kind))                                               \
    G(AREA, area, text, notification->area)                                                                            \
    G(LEAD, lead, text, notification->lead)                                                                            \
    G(ASSIGNER, assigner, text, notification->assigner)                                                                \
    G(EACH, each, number, notification->seq)
enum route_group {
#define G(constant, name, how, value) ROUTE_BY_##constant,
    ROUTE_GROUPS(G)
#undef G
        ROUTE_BY_COUNT
};

struct route {
    struct matcher match;
    bool goes_on; /* `continue`: siblings after it are asked too */
    const struct receiver *receiver;
    uint32_t group_by; /* bits of enum route_group */
    int64_t wait, interval, repeat;
    struct route *routes;
    size_t count;
    const char *name; /* "route.routes[2]": where it stands */
    int line;
};

/* While a notification that `source` holds for is open, those that `target` holds for are left out, when they are of
 * the same task, and of the same agency unless `any_agency`. */
struct inhibition {
    struct matcher source, target;
    bool any_agency;
    int64_t lasts; /* after this long a source that never ended counts no more */
};

/* ---- the whole ---- */

struct watch {
    const struct receiver *receiver; /* who hears that the broker or a receiver is gone; NULL for nobody */
    int64_t after, repeat;
};

struct config {
    const char *context, *consumer, *calendar; /* names, as coordctl and the broker have them */
    bool subtree;
    const char *web; /* where coord-web answers, for links; NULL when there is none */
    const char *link_secret;
    int64_t retry_first, retry_max, give_up;
    struct address metrics; /* where /metrics is served */
    struct route route;
    size_t route_count;
    struct receiver *receivers;
    size_t receiver_count;
    struct person *people;
    size_t people_count;
    struct inhibition *inhibitions;
    size_t inhibition_count;
    struct watch watch;
    struct arena arena;
    unsigned held; /* by how many: what is under way goes by the configuration that it was begun under */
};

/* Reads a file and checks it whole. NULL when there are faults, which are then in `faults`, a line each. The caller
 * frees both (buffer_done). With `here` what it names must be there for this user: programs, directories, the context,
 * certificates. */
struct config *config_read(const char *file, bool here, struct buffer *faults);
struct config *config_hold(struct config *config); /* one more config_free, of which the last frees */
void config_free(struct config *config);

const struct receiver *config_receiver(const struct config *config, const char *name);
const struct person *config_person(const struct config *config, const char *id);

/* ---- between its files ---- */

extern const struct key person_keys[], receiver_keys[], route_keys[], config_keys[], watch_keys[], inhibition_keys[],
    away_keys[], retry_keys[];
reader_take take_people, take_receivers, take_inhibitions, take_hours, take_digest, take_language, take_rate;
/* Routes and the watch name receivers, so they are read once those are there. */
void config_take_routes(struct reader *reader, struct config *config, yaml_node_t *node);
const struct receiver *config_take_receiver(struct reader *reader, yaml_node_t *node, const struct config *config);
/* What a receiver and the whole name on this machine, once they are read; config_here.c. */
void config_look_receiver(struct reader *reader, yaml_node_t *node, const struct receiver *receiver);
void config_look_context(struct reader *reader, yaml_node_t *root, const char *name);
void config_check_people(struct reader *reader, const struct config *config);

#endif
