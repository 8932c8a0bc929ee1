/* What a lead asks for, what it is given, how a recommendation was answered: lines of a message. */
#include <stdio.h>
#include <string.h>

#include "words_lines.h"

/* "gia hạn, đến hết 10/07/2024": what of the wish there is. */
static void put_wish(const struct words *words, int asking, const json_t *wish, char *text, size_t size)
{
    char day[32], name[257];
    words_term(words, &vocabulary_asking, asking, text, size);
    const char *until = words_text_at(wish, asking == ASKING_SUSPENSION ? "until_day" : "due_day");
    size_t used = strlen(text);
    if (words_text_at(wish, "lead")[0]) {
        words_name(words, words_text_at(wish, "lead"), name);
        used += (size_t)snprintf(text + used, size - used, "%s%s", words_say(words, ", cho ", ", to "), name);
    }
    if (until[0] && used < size) {
        words_day(until, words->language, day);
        snprintf(text + used, size - used, "%s%s",
                 asking == ASKING_EXTENSION || asking == ASKING_SUSPENSION
                     ? words_say(words, ", đến hết ", ", to the end of ")
                     : words_say(words, ", hạn ", ", due "),
                 day);
    }
}

static void put_decider(const struct words *words, const json_t *asked, words_put *put, void *into)
{
    char name[257], text[340], shown[32];
    const json_t *due = json_object_get(asked, "decide_due");
    words_name(words, words_text_at(asked, "decider"), name);
    snprintf(text, sizeof text, "%s", name);
    if (json_is_integer(due)) {
        words_last_day(words, (int64_t)json_integer_value(due), shown);
        snprintf(text, sizeof text, "%s%s%s", name, words_say(words, ", chậm nhất hết ngày ", ", by the end of "),
                 shown);
    }
    put(into, words_say(words, "Nơi quyết định", "Decides"), text);
}

static void put_asked(const struct words *words, const json_t *asked, words_put *put, void *into)
{
    char text[400];
    const int asking = words_term_at(asked, "asking", &vocabulary_asking);
    const int outcome = words_term_at(asked, "outcome", &vocabulary_settlement);
    put_wish(words, asking, json_object_get(asked, "wanted"), text, sizeof text);
    put(into, words_say(words, "Đề nghị", "Asked for"), text);
    if (outcome == SETTLEMENT_GRANTED) {
        put_wish(words, asking, json_object_get(asked, "granted"), text, sizeof text);
        put(into, words_say(words, "Chấp thuận", "Granted"), text);
    }
    if (!outcome)
        put_decider(words, asked, put, into);
}

static void put_answer(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    char text[340], name[257];
    const int answer = words_term_at(item->json, "answer", &vocabulary_answering);
    const char *to = words_text_at(item->json, "passed_to");
    words_term(words, &vocabulary_answering, answer, text, sizeof text);
    if (to[0]) {
        words_name(words, to, name);
        const size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, ": %s", name);
    }
    put(into,
        item->notice == NOTICE_OPINED ? words_say(words, "Kết quả", "Opinion") : words_say(words, "Trả lời", "Answer"),
        text);
}

/* A deadline of a decision is of the request that waits longest; what became of it since the record, the task does not say. */
void words_request(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const json_t *asked = json_object_get(item->json, item->deadline == DEADLINE_DECISION ? "waiting" : "asked");
    const json_t *until = json_object_get(item->json, "until");
    char shown[32];
    if (json_is_object(asked))
        put_asked(words, asked, put, into);
    else if (json_is_integer(until)) {
        words_last_day(words, (int64_t)json_integer_value(until), shown);
        put(into, words_say(words, "Dừng đến hết", "Until the end of"), shown);
    }
    if (words_text_at(item->json, "answer")[0])
        put_answer(words, item, put, into);
}
