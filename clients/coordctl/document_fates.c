/* What becomes of the tasks that cite a document when another takes its place: read before it does, told when it has. */
#include <stdio.h>
#include <stdlib.h>

#include "document.h"

struct fates {
    const struct msg_document_replace *replace;
    FILE *out;
    size_t tasks;
};

/* What a paragraph has become; empty when it has nothing in the place of it. */
static struct text becomes(const struct msg_document_replace *replace, struct text paragraph)
{
    for (uint32_t i = 0; i < replace->moves.count; i++)
        if (text_equal(replace->moves.items[i].from, paragraph))
            return replace->moves.items[i].to;
    return paragraph;
}

static bool ends(const struct msg_document_replace *replace, struct text reference)
{
    for (uint32_t i = 0; i < replace->ends.count; i++)
        if (text_equal(replace->ends.items[i], reference))
            return true;
    return false;
}

static int tell_task(void *context, const struct message *message, const void *item)
{
    struct fates *fates = context;
    const struct msg_task *task = item;
    const char *between = "\t";
    (void)message;
    fates->tasks++;
    fputs(output_plain(task->reference), fates->out);
    if (ends(fates->replace, task->reference)) {
        fputs("\tcancelled\n", fates->out);
        return 0;
    }
    for (uint32_t i = 0; i < task->paragraphs.count; i++) {
        const struct text from = task->paragraphs.items[i], to = becomes(fates->replace, from);
        if (text_equal(from, to))
            continue;
        fprintf(fates->out, "%s%s ", between, output_plain(from));
        fprintf(fates->out, to.size ? "becomes %s" : "is lost%s", to.size ? output_plain(to) : "");
        between = "; ";
    }
    fputs(*between == '\t' ? "\tcites it, the same paragraphs\n" : "\n", fates->out);
    return 0;
}

int document_fates_read(struct session *session, const struct msg_document_replace *replace, char **told)
{
    struct msg_task_list list = {0};
    struct fates fates = {.replace = replace};
    size_t size;
    *told = NULL;
    fates.out = open_memstream(told, &size);
    if (!fates.out)
        return EXIT_SYSTEM;
    MSG_SET(&list, task_list, document, replace->document);
    MSG_SET(&list, task_list, states,
            TERM_BIT(STATE_ASSIGNED) | TERM_BIT(STATE_ACCEPTED) | TERM_BIT(STATE_IN_PROGRESS) |
                TERM_BIT(STATE_SUBMITTED) | TERM_BIT(STATE_SUSPENDED));
    MSG_SET(&list, task_list, limit, 1000);
    const int code = session_pages(session, OP_TASK_LIST, &list, tell_task, &fates);
    if (!code && fates.tasks == 0)
        fputs("no open task that this agency may read cites it\n", fates.out);
    return fclose(fates.out) && !code ? EXIT_SYSTEM : code;
}
