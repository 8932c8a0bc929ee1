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
                                  .given = text_of(given ? given : "")};
    return EXIT_DONE;
}

bool inbox_may_do(const struct inbox_names *names, const char *name, struct text lead)
{
    const struct text as = name ? text_of(name) : names->given;
    bool leads = text_equal(lead, names->own);
    for (uint32_t i = 0; i < names->stood.count; i++)
        leads |= text_equal(lead, names->stood.items[i]);
    return as.size == 0 || text_equal(lead, as) || !leads;
}
