/* The page where it is seen, or acknowledged. */
#include "sign.h"
#include "words_lines.h"

/* Where it is seen. Some are told of a task that they may not read, or not any more: they get no link. */
static void put_link(const struct words *words, const struct notification *item, bool acknowledges, struct buffer *link)
{
    const enum occasion occasion = occasion_of(item);
    const json_t *stood = json_object_get(item->json, "stands_in_for"); /* with nobody in it: not known for whom */
    if (occasion == OCCASION_NOT_MADE)
        buffer_printf(link, "%s/schedules", words->web);
    else if (item->notice == NOTICE_HOT_SPOT || item->notice == NOTICE_HOT_SPOT_CLEARED)
        words_hot_spot_link(words, item, link);
    else if (!item->task || occasion == OCCASION_HELD_UP_HERE || occasion == OCCASION_NOT_OWED_HERE ||
             item->notice == NOTICE_REMOVED || (stood && json_array_size(stood) == 0))
        return;
    else if (acknowledges)
        sign_link(words->link_secret, words->web,
                  &(struct link){item->task, item->escalation, item->agency, words->person, item->time + SIGN_LINK_MS},
                  link);
    else
        buffer_printf(link, "%s/tasks/%llu", words->web, (unsigned long long)item->task);
}

void words_link(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const bool acknowledges = item->notice == NOTICE_ESCALATED && item->escalation && words->link_secret &&
                              occasion_of(item) != OCCASION_ESCALATED_TO_OTHERS;
    struct buffer link = {0};
    if (!words->web)
        return;
    put_link(words, item, acknowledges, &link);
    words_put_buffer(
        &link, acknowledges ? words_say(words, "Ghi nhận tại đây", "Acknowledge here") : words_say(words, "Xem", "See"),
        put, into);
}
