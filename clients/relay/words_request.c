/* What a lead asks for, what it is given, how a recommendation was answered: lines of a message. */
#include <stdio.h>
#include <string.h>

#include "words.h"

static const char *text_at(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static int term_at(const json_t *object, const char *name, const struct vocabulary *vocabulary)
{
    const char *text = text_at(object, name);
    return term_number(vocabulary, text, (uint32_t)strlen(text));
}

/* A term's English name is one word for programs, and several for people. */
static void put_term(const struct words *words, const struct vocabulary *vocabulary, int term, char *text, size_t size)
{
    snprintf(text, size, "%s",
             words->language == LANGUAGE_EN ? term_name(vocabulary, term) : term_vi(vocabulary, term));
    for (char *c = text; words->language == LANGUAGE_EN && *c; c++)
        *c = *c == '_' ? ' ' : *c;
}

static void put_agency(const struct words *words, const char *id, char name[257])
{
    snprintf(name, 257, "%s", id);
    words->agency(words->user, id, words->language, name);
}

static const char *say(const struct words *words, const char *vi, const char *en)
{
    return words->language == LANGUAGE_EN ? en : vi;
}

/* "gia hạn, đến hết 10/07/2024": what of the wish there is. */
static void put_wish(const struct words *words, int asking, const json_t *wish, char *text, size_t size)
{
    char day[32], name[257];
    put_term(words, &vocabulary_asking, asking, text, size);
    const char *until = text_at(wish, asking == ASKING_SUSPENSION ? "until_day" : "due_day");
    size_t used = strlen(text);
    if (text_at(wish, "lead")[0]) {
        put_agency(words, text_at(wish, "lead"), name);
        used += (size_t)snprintf(text + used, size - used, "%s%s", say(words, ", cho ", ", to "), name);
    }
    if (until[0] && used < size) {
        words_day(until, words->language, day);
        snprintf(text + used, size - used, "%s%s",
                 asking == ASKING_EXTENSION || asking == ASKING_SUSPENSION
                     ? say(words, ", đến hết ", ", to the end of ")
                     : say(words, ", hạn ", ", due "),
                 day);
    }
}

static void put_decider(const struct words *words, const json_t *asked, words_put *put, void *into)
{
    char name[257], text[340], day[16], shown[32];
    const json_t *due = json_object_get(asked, "decide_due");
    put_agency(words, text_at(asked, "decider"), name);
    snprintf(text, sizeof text, "%s", name);
    if (json_is_integer(due)) {
        day_text(hours_day(words->days, (int64_t)json_integer_value(due) - 1), day);
        words_day(day, words->language, shown);
        snprintf(text, sizeof text, "%s%s%s", name, say(words, ", trước hết ", ", by the end of "), shown);
    }
    put(into, say(words, "Nơi quyết định", "Decides"), text);
}

static void put_asked(const struct words *words, const json_t *asked, words_put *put, void *into)
{
    char text[400];
    const int asking = term_at(asked, "asking", &vocabulary_asking);
    const int outcome = term_at(asked, "outcome", &vocabulary_settlement);
    put_wish(words, asking, json_object_get(asked, "wanted"), text, sizeof text);
    put(into, say(words, "Đề nghị", "Asked for"), text);
    if (outcome == SETTLEMENT_GRANTED) {
        put_wish(words, asking, json_object_get(asked, "granted"), text, sizeof text);
        put(into, say(words, "Chấp thuận", "Granted"), text);
    }
    if (!outcome)
        put_decider(words, asked, put, into);
}

static void put_answer(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    char text[340], name[257];
    const int answer = term_at(item->json, "answer", &vocabulary_answering);
    const char *to = text_at(item->json, "passed_to");
    put_term(words, &vocabulary_answering, answer, text, sizeof text);
    if (to[0]) {
        put_agency(words, to, name);
        const size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, ": %s", name);
    }
    put(into, say(words, "Trả lời", "Answer"), text);
}

void words_of_request(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const json_t *asked = json_object_get(item->json, "asked"), *until = json_object_get(item->json, "until");
    char day[16], shown[32];
    if (json_is_object(asked))
        put_asked(words, asked, put, into);
    else if (json_is_integer(until)) {
        day_text(hours_day(words->days, (int64_t)json_integer_value(until) - 1), day);
        words_day(day, words->language, shown);
        put(into, say(words, "Dừng đến hết", "Until the end of"), shown);
    }
    if (text_at(item->json, "answer")[0])
        put_answer(words, item, put, into);
}
