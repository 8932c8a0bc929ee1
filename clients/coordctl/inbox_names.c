/* See inbox.h. Whom the key's agency stands in for is said by the broker, and is the same whatever --for says. */
#include "inbox.h"

int inbox_learn_names(struct session *session, struct inbox_names *names)
{
    struct msg_hello_reply hello;
    const int code = session_call(session, OP_HELLO, NULL, &hello);
    if (code)
        return code;
    struct text *items = arena_alloc(&session->arena, (hello.stands_in_for.count + 1) * sizeof *items);
    if (!items)
        return EXIT_SYSTEM;
    for (uint32_t i = 0; i < hello.stands_in_for.count; i++)
        items[i] = arena_copy(&session->arena, hello.stands_in_for.items[i]);
    const char *given = arguments_get(&session->arguments, "for");
    *names = (struct inbox_names){.own = arena_copy(&session->arena, hello.agency),
                                  .stood = {items, hello.stands_in_for.count},
                                  .given = text_of(given ? given : ""),
                                  .now = hello.time};
    return EXIT_DONE;
}

static bool is_stood_for(const struct inbox_names *names, struct text agency)
{
    for (uint32_t i = 0; i < names->stood.count; i++)
        if (text_equal(agency, names->stood.items[i]))
            return true;
    return false;
}

int inbox_learn_wait(struct session *session, const struct inbox_names *names, struct text lead, struct text decider,
                     struct text *until_day)
{
    struct msg_list list = {0};
    struct msg_agencies_reply reply;
    *until_day = (struct text){0};
    if (text_equal(decider, names->own) && !is_stood_for(names, lead))
        return EXIT_DONE;
    MSG_SET(&list, list, name, lead);
    const int code = session_call(session, OP_AGENCY_LIST, &list, &reply);
    if (code || reply.agencies.count != 1 || !MSG_HAS(reply.agencies.items, agency, stand_in))
        return code;
    const struct msg_stand_in *stands = &reply.agencies.items->stand_in;
    if (text_equal(stands->by, decider) && stands->from <= names->now && names->now < stands->until)
        *until_day = MSG_HAS(stands, stand_in, until_day) ? arena_copy(&session->arena, stands->until_day)
                                                          : TEXT("its end");
    return EXIT_DONE;
}

bool inbox_may_do(const struct inbox_names *names, const char *name, struct text lead)
{
    const struct text as = name ? text_of(name) : names->given;
    return as.size == 0 || text_equal(lead, as) || !(text_equal(lead, names->own) || is_stood_for(names, lead));
}
