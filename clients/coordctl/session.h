/* One run of coordctl: the arguments, the connection, and how a refusal is told. */
#ifndef COORDCTL_SESSION_H
#define COORDCTL_SESSION_H

#include <jansson.h>

#include "arguments.h"
#include "coord.h"
#include "exits.h"
#include "output.h"
#include "table.h"

struct session {
    struct arguments arguments;
    struct coord *coord; /* NULL until session_open */
    struct coord_context context;
    struct arena arena;  /* for what lives as long as the run */
    char agency[65];     /* one's own, as the broker says, or that of --for; filled in by session_hello */
    char calendar[65];   /* of the task that session_task found; empty where that is not known */
    const char *subject; /* the task that is dealt with now, where it is not the command's own word; NULL otherwise */
    bool json;
    struct problem missed; /* what became of a request that got no answer: the ones after it are not waited for anew */
};

/* Finds the context and opens the connection. An exit code; what is wrong is told. */
int session_open(struct session *session);
void session_close(struct session *session);
/* Tells a problem, with what to do next, and gives the exit code. */
int session_fail(const struct session *session, const struct problem *problem);
/* The same on standard error alone, whether or not --json was given. */
int session_fail_in_words(const struct session *session, const struct problem *problem);
/* What --json has of an error, on standard output; nothing without it. */
void session_tell_error(const struct session *session, int error, const char *field, const char *message);
/* A request and its reply: 0, or the error, untold. A command waits for its broker once: where a request before got no answer, the error
 * is that one's. */
int session_try(struct session *session, enum op op, const void *request, void *reply, struct problem *problem);
/* A request and its reply. An exit code; a refusal is told. */
int session_call(struct session *session, enum op op, const void *request, void *reply);
/* Whether the broker knows dry runs, where --dry-run was given: one that does not would do what is only to be tried. An exit code. */
int session_may_try(struct session *session);
/* What became of a change that shows no table: the word for it, that all was so already, or that it was a dry run. */
void session_tell_done(const struct session *session, const struct msg_change_reply *reply, const char *word);
/* Asks whether what `about` says is to be done, unless --yes was given; where nobody can answer it is refused, with what to
 * do next. An exit code. */
int session_confirm(const struct session *session, const char *about, const char *question, const char *next,
                    const char *refused);
/* One's own agency. */
int session_hello(struct session *session);
/* Of session_open: from here on the run acts in the name that --for gives, if one's own agency stands in for it. An exit code. */
int session_take_name(struct session *session);
/* Does something in one's own name, unless --for names another, and then in that of each agency that one's own stands in for. The
 * name, which is session->agency meanwhile, is NULL for one's own. An exit code. */
typedef int session_named(struct session *session, void *context, const char *name);
int session_each_name(struct session *session, session_named *act, void *context);

/* Asks page after page and visits each item of the replies' list; the visitor returns 0 to go on. An exit code. */
typedef int session_visitor(void *context, const struct message *message, const void *item);
int session_pages(struct session *session, enum op op, void *request, session_visitor *visit, void *context);
/* The same into a table or, with --json, an array; at most `limit` (0: all). */
int session_list(struct session *session, enum op op, void *request, const struct column *columns, size_t count,
                 uint64_t limit, const char *nothing);

/* The whole number above 0 that an option gives; `absent` when it is not given. BAD_ARGUMENT, told. An exit code. */
int session_count(const struct session *session, const char *option, uint64_t absent, uint64_t *count);

/* The number of the task that is named by REFERENCE, ASSIGNER:REFERENCE or @NUMBER. */
int session_task(struct session *session, const char *name, uint64_t *task);

#endif
