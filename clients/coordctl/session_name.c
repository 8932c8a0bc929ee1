/* In whose name a run acts: one's own, or that of an agency that it stands in for. */
#include <stdio.h>
#include <string.h>

#include "session.h"

static bool stands_in_for(const struct msg_hello_reply *hello, struct text name)
{
    bool found = text_equal(hello->agency, name);
    for (uint32_t i = 0; !found && i < hello->stands_in_for.count; i++)
        found = text_equal(hello->stands_in_for.items[i], name);
    return found;
}

/* A broker that does not know of stand-ins would do it in one's own name: so it is asked first. An exit code. */
int session_take_name(struct session *session)
{
    const char *name = arguments_get(&session->arguments, "for");
    struct msg_hello_reply hello;
    struct problem problem = {0};
    if (!name)
        return EXIT_DONE;
    const int code = session_call(session, OP_HELLO, NULL, &hello);
    if (code)
        return code;
    if (!stands_in_for(&hello, text_of(name))) {
        problem_set(&problem, COORD_E_NOT_STOOD_IN_FOR, "for", "%.*s does not stand in for `%.64s` now.",
                    TEXT_ARGS(hello.agency), name);
        return session_fail(session, &problem);
    }
    snprintf(session->agency, sizeof session->agency, "%.64s", name);
    return coord_in_name_of(session->coord, name, &problem) ? session_fail(session, &problem) : EXIT_DONE;
}

static int act_in_name(struct session *session, session_named *act, void *context, const char *name)
{
    char own[sizeof session->agency];
    struct problem problem = {0};
    if (coord_in_name_of(session->coord, name, &problem))
        return session_fail(session, &problem);
    memcpy(own, session->agency, sizeof own);
    snprintf(session->agency, sizeof session->agency, "%.64s", name);
    const int code = act(session, context, name);
    memcpy(session->agency, own, sizeof own);
    return coord_in_name_of(session->coord, NULL, &problem) ? session_fail(session, &problem) : code;
}

int session_each_name(struct session *session, session_named *act, void *context)
{
    struct msg_hello_reply hello;
    int code = session_hello(session);
    if (!code)
        code = act(session, context, NULL);
    if (code || arguments_get(&session->arguments, "for"))
        return code;
    code = session_call(session, OP_HELLO, NULL, &hello);
    const uint32_t count = code ? 0 : hello.stands_in_for.count;
    char names[16][65]; /* as messages.def.h has it; the reply's memory goes with the next call */
    for (uint32_t i = 0; i < count && i < 16; i++)
        snprintf(names[i], sizeof names[i], "%.*s", TEXT_ARGS(hello.stands_in_for.items[i]));
    for (uint32_t i = 0; !code && i < count && i < 16; i++)
        code = act_in_name(session, act, context, names[i]);
    return code;
}

int session_hello(struct session *session)
{
    struct msg_hello_reply hello;
    const int code = session->agency[0] ? EXIT_DONE : session_call(session, OP_HELLO, NULL, &hello);
    if (!code && !session->agency[0])
        snprintf(session->agency, sizeof session->agency, "%.*s", TEXT_ARGS(hello.agency));
    return code;
}
