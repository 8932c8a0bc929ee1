/* Any text as a file for coordctl apply: JSON, or holidays as iCalendar when it begins with a B. What a file says of
 * calendars and policies goes on to the core, which takes them or says why not. After a byte 1 or 2 the input is what a
 * message is made of by the tables, which then goes into JSON and comes back: alone, or as a part of an apply file.
 */
#include <stdlib.h>
#include <string.h>

#include "../../clients/common/json_read.h"
#include "../../clients/common/json_write.h"
#include "../../clients/coordctl/apply_file.h"
#include "../../clients/coordctl/ics.h"
#include "core/calendar.h"
#include "core/policy.h"
#include "fuzz/fuzz.h"
#include "fuzz/generate.h"

#define YEAR_TO 2027

static const struct message *const messages[] = {
#define X(CONSTANT, name, sentence) &message_##name,
    COORD_MESSAGES(X)
#undef X
};
#define MESSAGE_COUNT (sizeof messages / sizeof *messages)

static void check_refusal(int result, const struct problem *problem)
{
    FUZZ_CHECK(result == 0 || (result == problem->error && problem->message[0]));
}

/* ---- iCalendar ---- */

static void read_ics(const char *text, struct arena *arena)
{
    struct ics_days days = {0};
    struct problem problem = {0};
    const struct ics_options options = {.year_to = YEAR_TO, .utc_offset = 420, .observances = true};
    const int result = ics_read(text, &options, &days, arena, &problem);
    check_refusal(result, &problem);
    if (result)
        return;
    FUZZ_CHECK(days.exceptions.count <= ICS_DAYS_MAX);
    for (uint32_t i = 0; i < days.exceptions.count; i++) {
        FUZZ_CHECK(message_check(&message_exception, &days.exceptions.items[i], &problem) == 0);
        FUZZ_CHECK(i == 0 || text_compare(days.exceptions.items[i - 1].day, days.exceptions.items[i].day) < 0);
    }
    /* The same file once more is the same edition: nothing is added, and nothing goes. */
    struct ics_merged once = {0}, twice = {0};
    FUZZ_CHECK(ics_merge((struct msg_exception_items){0}, &days, &once, arena) == 0);
    FUZZ_CHECK(ics_merge(once.exceptions, &days, &twice, arena) == 0);
    FUZZ_CHECK(once.exceptions.count == days.exceptions.count);
    FUZZ_CHECK(twice.exceptions.count == days.exceptions.count && twice.dropped.count == 0);
}

/* ---- apply files ---- */

static void to_core(const struct apply_file *file)
{
    for (size_t i = 0; i < file->calendar_count; i++) {
        struct problem problem = {0};
        struct calendar *calendar = calendar_new(&file->calendars[i], &problem);
        FUZZ_CHECK(calendar || (problem.error && problem.message[0]));
        calendar_free(calendar);
    }
    for (size_t i = 0; i < file->policy_count; i++) {
        struct problem problem = {0};
        struct policy *policy = policy_new(&file->policies[i], &problem);
        FUZZ_CHECK(policy || (problem.error && problem.message[0]));
        policy_free(policy);
    }
}

static void check_fault(void *user, const struct problem *problem)
{
    ++*(size_t *)user;
    check_refusal(problem->error, problem);
    FUZZ_CHECK(problem->error);
}

static void read_apply(const char *text, struct arena *arena)
{
    struct apply_file file = {0};
    size_t told = 0;
    struct apply_faults faults = {.tell = check_fault, .user = &told};
    apply_file_read(&file, "file.json", text, arena, &faults);
    if (!faults.count)
        apply_check_twice(&file, "tinh", &faults);
    FUZZ_CHECK(faults.count == told);
    if (!told)
        to_core(&file);
    json_decref(file.root);
}

/* ---- messages made from the tables ---- */

/* Into JSON and back: what was read once is read again as the same. */
static void there_and_back(const struct message *message, const json_t *json, struct arena *arena)
{
    static struct buffer first, second;
    struct problem problem = {0};
    void *once = calloc(1, message->size), *again = calloc(1, message->size);
    FUZZ_CHECK(once && again);
    const int result = json_read(message, json, once, arena, &problem);
    check_refusal(result, &problem);
    if (!result) {
        json_t *written = json_write(message, once);
        FUZZ_CHECK(json_read(message, written, again, arena, &problem) == 0);
        buffer_clear(&first);
        buffer_clear(&second);
        message_encode(&first, "m", (struct text){0}, message, once);
        message_encode(&second, "m", (struct text){0}, message, again);
        FUZZ_CHECK(first.size == second.size && memcmp(first.data, second.data, first.size) == 0);
        json_decref(written);
    }
    free(once);
    free(again);
}

static void wrap(const char *list, json_t *item, struct arena *arena)
{
    json_t *root = json_object(), *array = json_array();
    json_array_append(array, item);
    json_object_set_new(root, list, array);
    char *text = json_dumps(root, JSON_COMPACT);
    if (text)
        read_apply(text, arena);
    free(text);
    json_decref(root);
}

static void make(const uint8_t *bytes, size_t size, struct arena *arena)
{
    static const struct {
        const char *list;
        const struct message *message;
    } parts[] = {{"agencies", &message_agency},
                 {"calendars", &message_calendar},
                 {"policies", &message_policy},
                 {"tasks", &message_assign}};
    static struct decoder *decoder;
    static struct buffer frame;
    struct source source = {bytes + 2, size - 2};
    const bool alone = bytes[0] == 1;
    const struct message *message = alone ? messages[bytes[1] % MESSAGE_COUNT] : parts[bytes[1] % 4].message;
    struct envelope envelope;
    struct problem problem;
    if (!decoder)
        decoder = decoder_new();
    buffer_clear(&frame);
    generate_frame(&source, &frame, "m", (struct text){0}, message);
    void *made = calloc(1, message->size);
    FUZZ_CHECK(made);
    if (decoder_open(decoder, frame.data, frame.size, &envelope, &problem) == 0 &&
        decoder_read(decoder, message, made, &problem) == 0) {
        json_t *json = json_write(message, made);
        FUZZ_CHECK(json);
        if (alone)
            there_and_back(message, json, arena);
        else
            wrap(parts[bytes[1] % 4].list, json, arena);
        json_decref(json);
    }
    free(made);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    arena_init(&arena);
    if (size >= 2 && (bytes[0] == 1 || bytes[0] == 2)) {
        make(bytes, size, &arena);
    } else {
        char *text = malloc(size + 1);
        FUZZ_CHECK(text);
        memcpy(text, bytes, size);
        text[size] = '\0';
        if (size > 0 && (bytes[0] == 'B' || bytes[0] == 'b'))
            read_ics(text, &arena);
        else
            read_apply(text, &arena);
        free(text);
    }
    arena_done(&arena);
    return 0;
}
