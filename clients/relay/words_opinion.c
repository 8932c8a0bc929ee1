/* Opinions that a lead asked for: of whom, what was given, and what was not. */
#include "words_lines.h"

#include <stdio.h>
#include <string.h>

/* "trễ", "không còn được cho ý kiến": what there is to say beside the name. */
static const char *remark(const struct words *words, const struct notification *item, const json_t *opinion)
{
    const int state = words_term_at(opinion, "state", &vocabulary_opining);
    if (state == OPINING_WITHDRAWN && item->notice != NOTICE_TAKEN_BACK)
        return words_say(words, " (không còn được cho ý kiến)", " (may give none any more)");
    if (state == OPINING_GIVEN && json_object_get(opinion, "silent"))
        return words_say(words, " (trễ)", " (late)");
    return "";
}

static const char *label_of(const struct words *words, const struct notification *item)
{
    switch ((enum notice)item->notice) {
    case NOTICE_OPINED:
        return words_say(words, "Cơ quan cho ý kiến", "Opinion of");
    case NOTICE_OVERDUE:
        return words_say(words, "Quá hạn chưa cho ý kiến", "None came from");
    case NOTICE_TAKEN_BACK:
        return words_say(words, "Không phải cho ý kiến nữa", "Owed no more by");
    default:
        return words_say(words, "Cơ quan được hỏi", "Asked");
    }
}

void words_opinions(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const json_t *opinions = json_object_get(item->json, "opinions");
    struct buffer text = {0};
    char name[257];
    for (size_t i = 0; i < json_array_size(opinions); i++) {
        const json_t *opinion = json_array_get(opinions, i);
        words_name(words, words_text_at(opinion, "agency"), name);
        buffer_printf(&text, "%s%s%s", i ? ", " : "", name, remark(words, item, opinion));
    }
    words_put_buffer(&text, label_of(words, item), put, into);
}
