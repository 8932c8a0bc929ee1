/* The agencies that a file ends, or whose tasks it gives to another: as with `coordctl agency close`, what goes with them is asked
 * about before anything of the file is done, and told afterwards.
 */
#include <stdio.h>

#include "agency_end.h"
#include "applying.h"
#include "json_read.h"

/* An agency that the file names once more further on is what it says there. */
static bool is_last_word(const struct apply_file *file, size_t at)
{
    for (size_t i = at + 1; i < file->agency_count; i++)
        if (text_equal(file->agencies[i].agency, file->agencies[at].agency))
            return false;
    return true;
}

/* How the file leaves one that stands; NULL when that neither ends nor goes on otherwise. The arena's. An exit code. */
static int ending_of(struct applying *applying, const struct msg_agency *after, struct agency_ending **ending)
{
    struct arena *arena = &applying->session->arena;
    struct problem problem = {0};
    char id[65];
    snprintf(id, sizeof id, "%.*s", TEXT_ARGS(after->agency));
    const json_t *stood = json_object_get(applying->stood, id);
    struct msg_agency *before = stood ? arena_alloc(arena, sizeof *before) : NULL;
    *ending = stood ? arena_alloc(arena, sizeof **ending) : NULL;
    if (!stood)
        return EXIT_DONE;
    if (!before || !*ending)
        return EXIT_SYSTEM;
    if (json_read(&message_agency, stood, before, arena, &problem))
        return session_fail(applying->session, &problem);
    **ending = (struct agency_ending){.before = before, .after = after, .of_file = true};
    agency_compare(*ending);
    if ((*ending)->fate == FATE_STAYS)
        *ending = NULL;
    return EXIT_DONE;
}

/* The broker's clock says what has ended. An exit code. */
static int ask(struct applying *applying, struct agency_ending *ending)
{
    struct msg_hello_reply hello;
    int code = session_call(applying->session, OP_HELLO, NULL, &hello);
    if (code)
        return code;
    ending->now_ms = hello.time;
    return agency_may_end(applying->session, ending);
}

int apply_ask_ends(struct applying *applying)
{
    const struct apply_file *file = &applying->file;
    struct agency_ending *ending;
    int code = EXIT_DONE;
    if (file->agency_count == 0)
        return EXIT_DONE;
    applying->ends = arena_alloc(&applying->session->arena, file->agency_count * sizeof(struct agency_ending *));
    if (!applying->ends)
        return EXIT_SYSTEM;
    for (size_t i = 0; i < file->agency_count && !code; i++) {
        if (!is_last_word(file, i))
            continue;
        code = ending_of(applying, &file->agencies[i], &ending);
        if (code || !ending)
            continue;
        code = ask(applying, ending);
        applying->ends[applying->end_count++] = ending;
    }
    return code;
}

int apply_tell_ends(struct applying *applying)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < applying->end_count && !code; i++)
        code = agency_tell_end(applying->session, applying->ends[i], applying->dry);
    return code;
}
