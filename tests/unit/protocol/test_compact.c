/* The journal's dialect: what goes in comes out, says the same on the wire, and whatever a disk makes of it is refused by name. */
#include "compact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compact_text.h"
#include "filler.h"
#include "unit/test.h"

static void encode_wire(struct buffer *frame, const struct message *message, const void *in)
{
    message_encode(frame, "test", TEXT("1"), message, in);
}

static void round_trip(struct decoder *decoder, const struct message *message, unsigned seed, bool required_only)
{
    struct arena arena = {0};
    struct buffer stored = {0}, again = {0}, wire = {0}, wire_again = {0};
    struct problem problem = {0};
    union any_message in, out;
    fill_message(&arena, message, &in, seed, required_only);
    compact_encode(&stored, message, &in, 0, NULL);
    encode_wire(&wire, message, &in);
    assert_true(compact_is(stored.data, stored.size));
    assert_false(compact_is(wire.data, wire.size));
    if (compact_decode(decoder, stored.data, stored.size, message, 0, &out, &problem) != 0)
        fail_msg("%s: %s: %s", message->name, problem.field, problem.message);
    assert_true(same_message(message, &in, &out));
    compact_encode(&again, message, &out, 0, NULL);
    assert_int_equal(again.size, stored.size);
    assert_memory_equal(again.data, stored.data, stored.size);
    encode_wire(&wire_again, message, &out);
    assert_int_equal(wire_again.size, wire.size);
    assert_memory_equal(wire_again.data, wire.data, wire.size);
    buffer_done(&stored);
    buffer_done(&again);
    buffer_done(&wire);
    buffer_done(&wire_again);
    arena_done(&arena);
}

TEST(every_message_comes_back_from_the_journal_and_says_the_same_on_the_wire)
{
    struct decoder *decoder = decoder_new();
    for (size_t m = 0; m < every_message_count; m++)
        for (unsigned seed = 0; seed < 60; seed++)
            round_trip(decoder, every_message[m], seed, seed % 20 == 0);
    decoder_free(decoder);
}

TEST(what_is_kept_elsewhere_is_said_to_be_there_and_takes_no_room)
{
    struct decoder *decoder = decoder_new();
    struct buffer stored = {0}, whole = {0};
    struct problem problem = {0};
    struct msg_record record = {0}, read;
    const msg_bits elsewhere = MSG_BIT(record, seq) | MSG_BIT(record, task) | MSG_BIT(record, previous);
    MSG_SET(&record, record, seq, 70000);
    MSG_SET(&record, record, time, 5);
    MSG_SET(&record, record, record, RECORD_TASK);
    MSG_SET(&record, record, task, 300);
    compact_encode(&stored, &message_record, &record, elsewhere, NULL);
    compact_encode(&whole, &message_record, &record, 0, NULL);
    assert_int_equal(stored.size + 5 + 3, whole.size);
    assert_int_equal(compact_decode(decoder, stored.data, stored.size, &message_record, elsewhere, &read, &problem), 0);
    assert_true(read.has == record.has);
    assert_int_equal(read.seq, 0);
    assert_int_equal(read.task, 0);
    assert_int_equal(read.time, 5);
    /* Whoever reads without knowing that is told so. */
    assert_int_equal(compact_decode(decoder, stored.data, stored.size, &message_record, 0, &read, &problem),
                     COORD_E_BAD_VALUE);
    assert_true(read.has == 0);
    buffer_done(&stored);
    buffer_done(&whole);
    decoder_free(decoder);
}

/* On disk for as long as there is a store: these bytes are read by every program to come. */
TEST(these_bytes_are_this_record)
{
    static const char bytes[] = "\x97\x01"             /* dialect 1, and five values after the bits */
                                "\xCE\x00\x80\x60\x06" /* time, record, action, state, percent */
                                "\xCD\x01\x2C\x06\x04\x03\x3C";
    struct buffer stored = {0};
    struct msg_record record = {0};
    MSG_SET(&record, record, time, 300);
    MSG_SET(&record, record, record, RECORD_TASK);
    MSG_SET(&record, record, action, ACTION_REPORT);
    MSG_SET(&record, record, state, STATE_IN_PROGRESS);
    MSG_SET(&record, record, percent, 60);
    compact_encode(&stored, &message_record, &record, 0, NULL);
    assert_int_equal(stored.size, sizeof bytes - 1);
    assert_memory_equal(stored.data, bytes, sizeof bytes - 1);
    buffer_done(&stored);
}

TEST(ids_and_days_are_kept_short_and_come_back_as_they_were)
{
    static const char *const ids[] = {"0123456789abcdef0123456789abcdef", "00000000000000000000000000000000",
                                      "ffffffffffffffffffffffffffffffff"};
    static const char *const others[] = {"0123456789ABCDEF0123456789abcdef", "0123456789abcdef0123456789abcdeg",
                                         "0123456789abcdef0123456789abcde", "", "0123456789abcdef 123456789abcdef"};
    char bytes[COMPACT_HEX_BYTES], text[2 * COMPACT_HEX_BYTES], day[COMPACT_DAY_BYTES];
    uint32_t number;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        assert_true(compact_hex_pack(text_of(ids[i]), bytes));
        compact_hex_unpack(bytes, text);
        assert_memory_equal(text, ids[i], sizeof text);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(compact_hex_pack(text_of(others[i]), bytes));
    for (unsigned year = 2000; year < 2100; year++)
        for (unsigned month = 1; month <= 12; month++)
            for (unsigned of_month = 1; of_month <= 31; of_month++) {
                char given[16];
                snprintf(given, sizeof given, "%04u-%02u-%02u", year, month, of_month);
                assert_true(compact_day_pack(text_of(given), &number) && number < 65536);
                assert_true(compact_day_unpack(number, day));
                assert_memory_equal(day, given, sizeof day);
            }
    assert_false(compact_day_pack(TEXT("1999-12-31"), &number));
    assert_false(compact_day_pack(TEXT("2024-6-028"), &number));
    assert_false(compact_day_pack(TEXT("2024-06-2x"), &number));
    assert_false(compact_day_unpack(100 * 512, day));
    assert_false(compact_day_unpack(UINT64_MAX, day));
}

/* Each beginning of a long text, so that every size of a head is met, and 16 bytes, which an id has. */
TEST(vietnamese_is_kept_by_letters_and_comes_back_as_it_was)
{
    static const char words[] =
        "Ủy ban xã đã rà soát 12/20 thửa, còn vướng mắc về nguồn gốc đất – sẽ báo cáo “bổ sung”. ";
    struct decoder *decoder = decoder_new();
    struct buffer stored = {0};
    char note[4000];
    unsigned shorter = 0;
    for (size_t i = 0; i < sizeof note; i++)
        note[i] = words[i % (sizeof words - 1)];
    for (uint32_t size = 1; size < sizeof note; size += size < 700 ? 1 : 97) {
        struct msg_change change = {0}, read;
        struct msg_document document = {0}, document_read;
        struct problem problem = {0};
        if ((note[size] & 0xC0) == 0x80)
            continue; /* within a letter */
        MSG_SET(&change, change, task, 1);
        MSG_SET(&change, change, note, ((struct text){note, size}));
        buffer_clear(&stored);
        compact_encode(&stored, &message_change, &change, 0, NULL);
        assert_int_equal(compact_decode(decoder, stored.data, stored.size, &message_change, 0, &read, &problem), 0);
        assert_true(text_equal(read.note, change.note));
        assert_true(stored.size <= 1 + 1 + 9 + 1 + 3 + size);
        shorter += stored.size < size * 3 / 4;
        if (size > 128)
            continue;
        MSG_SET(&document, document, document, TEXT("1-BC"));
        MSG_SET(&document, document, kind, 1);
        MSG_SET(&document, document, title, TEXT("a"));
        MSG_SET(&document, document, ends, ((struct texts){(struct text[]){{note, size}, TEXT("b"), {note, size}}, 3}));
        buffer_clear(&stored);
        compact_encode(&stored, &message_document, &document, 0, NULL);
        assert_int_equal(
            compact_decode(decoder, stored.data, stored.size, &message_document, 0, &document_read, &problem), 0);
        assert_int_equal(document_read.ends.count, 3);
        for (int i = 0; i < 3; i += 2)
            assert_true(text_equal(document_read.ends.items[i], (struct text){note, size}));
    }
    assert_true(shorter > 300);
    buffer_done(&stored);
    decoder_free(decoder);
}

TEST(texts_beyond_what_may_be_brought_to_letters_stand_as_they_are)
{
    static const char title[] = "Rà soát quy hoạch sử dụng đất", note[] = "Đã họp với các hộ dân";
    struct decoder *decoder = decoder_new();
    struct msg_record record = {0}, read;
    MSG_SET(&record, record, seq, 1);
    MSG_SET(&record, record, time, 2);
    MSG_SET(&record, record, record, RECORD_TASK);
    MSG_SET(&record, record, title, TEXT(title));
    MSG_SET(&record, record, note, TEXT(note));
    const struct {
        uint32_t letters, left;
        bool title, note;
    } rows[] = {{100, 101 - sizeof title - sizeof note + 1, true, true},
                {sizeof title - 1, 0, true, false},
                {sizeof title - 2, sizeof title - sizeof note - 1, false, true},
                {10, 10, false, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer stored = {0};
        struct problem problem = {0};
        uint32_t letters = rows[i].letters;
        compact_encode(&stored, &message_record, &record, 0, &letters);
        assert_int_equal(letters, rows[i].left);
        assert_true((memmem(stored.data, stored.size, title, sizeof title - 1) == NULL) == rows[i].title);
        assert_true((memmem(stored.data, stored.size, note, sizeof note - 1) == NULL) == rows[i].note);
        assert_int_equal(compact_decode(decoder, stored.data, stored.size, &message_record, 0, &read, &problem), 0);
        assert_true(text_equal(read.title, TEXT(title)) && text_equal(read.note, TEXT(note)));
        buffer_done(&stored);
    }
    decoder_free(decoder);
}

/* ---- what a disk may make of it ---- */

static int read_bytes(struct decoder *decoder, const void *bytes, size_t size, const struct message *message,
                      struct problem *problem)
{
    union any_message out;
    char *exact = malloc(size ? size : 1); /* so that a sanitizer sees a step beyond */
    memcpy(exact, bytes, size);
    const int error = compact_decode(decoder, exact, size, message, 0, &out, problem);
    if (error)
        assert_true(out.has == 0);
    free(exact);
    return error;
}

TEST(no_cut_is_taken_for_a_whole)
{
    struct decoder *decoder = decoder_new();
    for (size_t m = 0; m < every_message_count; m++) {
        struct arena arena = {0};
        struct buffer stored = {0};
        struct problem problem;
        union any_message in;
        fill_message(&arena, every_message[m], &in, 1, false);
        compact_encode(&stored, every_message[m], &in, 0, NULL);
        for (size_t size = 0; size < stored.size && size < 2000; size++)
            assert_int_not_equal(read_bytes(decoder, stored.data, size, every_message[m], &problem), 0);
        buffer_done(&stored);
        arena_done(&arena);
    }
    decoder_free(decoder);
}

TEST(a_changed_byte_is_read_as_something_sound_or_refused_by_name)
{
    struct decoder *decoder = decoder_new();
    struct buffer again = {0};
    unsigned refused = 0;
    for (unsigned seed = 0; seed < 8; seed++) {
        struct arena arena = {0};
        struct buffer stored = {0};
        struct msg_record record;
        struct problem problem = {0};
        fill_message(&arena, &message_record, &record, seed, seed == 0);
        compact_encode(&stored, &message_record, &record, 0, NULL);
        for (size_t at = 0; at < stored.size; at++)
            for (unsigned change = 1; change < 256; change += 23) {
                struct msg_record read;
                stored.data[at] = (char)(stored.data[at] ^ (char)change);
                const int error = compact_decode(decoder, stored.data, stored.size, &message_record, 0, &read,
                                                 &problem);
                if (error) {
                    refused++;
                    assert_non_null(error_row(error));
                    assert_int_not_equal(problem.message[0], '\0');
                } else {
                    buffer_clear(&again);
                    encode_wire(&again, &message_record, &read);
                    assert_false(again.failed);
                }
                stored.data[at] = (char)(stored.data[at] ^ (char)change);
            }
        buffer_done(&stored);
        arena_done(&arena);
    }
    assert_true(refused > 1000);
    buffer_done(&again);
    decoder_free(decoder);
}

static void refuse(const char *bytes, size_t size, const struct message *message, int wanted, const char *field)
{
    struct decoder *decoder = decoder_new();
    struct problem problem = {0};
    assert_int_equal(read_bytes(decoder, bytes, size, message, &problem), wanted);
    assert_string_equal(problem.field, field);
    decoder_free(decoder);
}
#define REFUSE(bytes, message, error, field) refuse(bytes, sizeof bytes - 1, &message_##message, error, field)

TEST(each_thing_that_is_wrong_has_its_name)
{
    REFUSE("", record, COORD_E_FRAME_MALFORMED, "");
    REFUSE("\x81\x01\x02", record, COORD_E_FRAME_MALFORMED, "");            /* a map */
    REFUSE("\x91\x01", record, COORD_E_FRAME_MALFORMED, "");                /* a dialect and no more */
    REFUSE("\x92\x02\x00", record, COORD_E_BAD_VALUE, "");                  /* another dialect */
    REFUSE("\x92\x01\xA1x", record, COORD_E_BAD_TYPE, "");                  /* no bits */
    REFUSE("\x92\x01\x01", record, COORD_E_BAD_VALUE, "");                  /* a field without its value */
    REFUSE("\x92\x01\x00", record, COORD_E_MISSING_FIELD, "seq");           /* no fields */
    REFUSE("\x95\x01\x07\x05\x06\x7F", record, COORD_E_BAD_TERM, "record"); /* a term that is none */
    REFUSE("\x95\x01\x07\x05\x06\x00", record, COORD_E_BAD_TERM, "record");
    REFUSE("\x95\x01\x07\x05\x06\xA1x", record, COORD_E_BAD_TYPE, "record"); /* a term by its name */
    REFUSE("\x94\x01\x05\x07\xC4\x00", change, COORD_E_BAD_TYPE, "officer"); /* letters, and none of them */
    REFUSE("\x94\x01\x05\x07\xC4\x02"
           "a\x01",
           change, COORD_E_BAD_TYPE, "officer"); /* a capital of nothing */
    REFUSE("\x94\x01\x05\x07\xC4\x03"
           "a\x00\xE1",
           change, COORD_E_BAD_TYPE, "officer"); /* not all of a letter */
    REFUSE("\x94\x01\x05\x07\xC4\x04"
           "a\x00\xC3\x28",
           change, COORD_E_BAD_TEXT, "officer"); /* no letter at all */
    REFUSE("\x95\x01\x07\x05\x06\x01\x07", record, COORD_E_FRAME_MALFORMED, "");
    REFUSE("\xDD\xFF\xFF\xFF\xFF", record, COORD_E_FRAME_TOO_MANY, "");
}

TEST(what_a_newer_program_wrote_beside_is_passed_over)
{
    struct decoder *decoder = decoder_new();
    struct problem problem = {0};
    struct msg_credit read; /* one field; the second and the third, an array, are of a table to come */
    static const char bytes[] = "\x95\x01\x07\x05\xA1x\x92\x01\x02";
    assert_int_equal(compact_decode(decoder, bytes, sizeof bytes - 1, &message_credit, 0, &read, &problem), 0);
    assert_int_equal(read.credit, 5);
    assert_true(read.has == MSG_BIT(credit, credit));
    decoder_free(decoder);
}

/* ---- numbers that are on disk ---- */

#define PLACES "tests/unit/protocol/places.txt"

static const char *const types[] = {
    [FIELD_U64] = "u64",     [FIELD_I64] = "i64",         [FIELD_NUM] = "num",          [FIELD_FLAG] = "flag",
    [FIELD_TIME] = "time",   [FIELD_TEXT] = "text",       [FIELD_DAY] = "day",          [FIELD_BYTES] = "bytes",
    [FIELD_TEXTS] = "texts", [FIELD_U64S] = "u64s",       [FIELD_RAWS] = "raws",        [FIELD_TERM] = "term",
    [FIELD_TERMS] = "terms", [FIELD_MESSAGE] = "message", [FIELD_MESSAGES] = "messages"};

static void put_once(struct buffer *lines, const char *line)
{
    if (!lines->size || !memmem(lines->data, lines->size, line, strlen(line)))
        buffer_append(lines, line, strlen(line));
}

static void list_terms(struct buffer *lines, const struct vocabulary *vocabulary)
{
    for (int i = 0; i < vocabulary->count; i++) {
        char line[200];
        snprintf(line, sizeof line, "\nterm %s %d %s\n", vocabulary->name, vocabulary->terms[i].number,
                 vocabulary->terms[i].name);
        put_once(lines, line);
    }
}

/* What a record holds, and what that holds. */
static void list_places(struct buffer *lines, const struct message *message)
{
    for (uint16_t i = 0; i < message->count; i++) {
        const struct field *field = &message->fields[i];
        char line[200];
        snprintf(line, sizeof line, "\nfield %s %d %s %s%s%s\n", message->name, i, field->name, types[field->type],
                 field->message || field->vocabulary ? " " : "",
                 field->message      ? field->message->name
                 : field->vocabulary ? field->vocabulary->name
                                     : "");
        put_once(lines, line);
        if (field->vocabulary)
            list_terms(lines, field->vocabulary);
        if (field->message)
            list_places(lines, field->message);
    }
}

static void read_places(struct buffer *kept)
{
    FILE *file = fopen(PLACES, "r");
    char line[200];
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        buffer_append(kept, "\n", 1);
        buffer_append(kept, line, strlen(line));
    }
    fclose(file);
}

/* Each line of one that the other has not. */
static unsigned count_missing(const struct buffer *lines, const struct buffer *among, const char *says)
{
    unsigned missing = 0;
    for (const char *at = lines->data, *end; at < lines->data + lines->size; at = end + 1) {
        end = memchr(at + 1, '\n', (size_t)(lines->data + lines->size - at - 1));
        assert_non_null(end);
        if (memmem(among->data, among->size, at, (size_t)(end + 1 - at)))
            continue;
        if (missing++ < 400)
            print_message("%s %.*s\n", says, (int)(end - at - 1), at + 1);
    }
    return missing;
}

TEST(no_field_and_no_term_of_a_record_has_another_number_than_it_had)
{
    struct buffer kept = {0}, now = {0};
    list_places(&now, &message_record);
    read_places(&kept);
    assert_true(now.size > 1000 && kept.size > 1000);
    if (count_missing(&kept, &now, "is on disk, and not in the tables any more:"))
        fail_msg("rows of tables are never moved, renamed or taken away: new ones go to the end");
    if (count_missing(&now, &kept, "is to be added to " PLACES ":"))
        fail_msg("what is new in the tables is to be kept in mind for ever");
    buffer_done(&kept);
    buffer_done(&now);
}
