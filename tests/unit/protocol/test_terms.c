#include "unit/test.h"

#include <string.h>

#include "message.h"
#include "spelling.h"

static const struct vocabulary *const vocabularies[] = {
#define V(name, CONSTANT, vi, sentence) &vocabulary_##name,
    TERM_VOCABULARIES(V)
#undef V
};
#define VOCABULARY_COUNT (sizeof vocabularies / sizeof vocabularies[0])

TEST(numbers_rise_by_one_and_names_lead_back)
{
    for (size_t v = 0; v < VOCABULARY_COUNT; v++)
        for (int i = 0; i < vocabularies[v]->count; i++) {
            const struct term *term = &vocabularies[v]->terms[i];
            assert_int_equal(term->number, i + 1);
            assert_int_equal(term->name_size, strlen(term->name));
            assert_int_equal(term_number(vocabularies[v], term->name, term->name_size), i + 1);
            assert_string_equal(term_name(vocabularies[v], i + 1), term->name);
            assert_string_equal(term_vi(vocabularies[v], i + 1), term->vi);
            assert_true(*term->vi && *term->sentence);
        }
}

TEST(what_is_no_term_has_no_name_and_no_number)
{
    assert_string_equal(term_name(&vocabulary_state, STATE_NONE), "");
    assert_string_equal(term_name(&vocabulary_state, 99), "");
    assert_string_equal(term_vi(&vocabulary_state, -1), "");
    assert_int_equal(term_number(&vocabulary_state, "assigne", 7), 0);
    assert_int_equal(term_number(&vocabulary_state, "assigned\0x", 10), 0);
    assert_int_equal(term_number(&vocabulary_state, "", 0), 0);
}

TEST(a_slip_of_the_pen_finds_its_term)
{
    assert_string_equal(term_nearest(&vocabulary_state, "in-progress", 11)->name, "in_progress");
    assert_string_equal(term_nearest(&vocabulary_state, "canceled", 8)->name, "cancelled");
    assert_string_equal(term_nearest(&vocabulary_priority, "urgnet", 6)->name, "urgent");
    assert_null(term_nearest(&vocabulary_state, "bananas", 7));
    assert_null(term_nearest(&vocabulary_state, "", 0));
}

TEST(distance_counts_letters_and_swapped_neighbours)
{
    assert_int_equal(spelling_distance(TEXT("report"), TEXT("report")), 0);
    assert_int_equal(spelling_distance(TEXT("reprot"), TEXT("report")), 1);
    assert_int_equal(spelling_distance(TEXT("repor"), TEXT("report")), 1);
    assert_int_equal(spelling_distance(TEXT(""), TEXT("report")), 6);
    assert_int_equal(spelling_distance(TEXT("kitten"), TEXT("sitting")), 3);
    char long_word[SPELLING_SIZE_MAX + 1];
    memset(long_word, 'a', sizeof long_word);
    assert_int_equal(spelling_distance((struct text){long_word, sizeof long_word}, TEXT("a")), UINT32_MAX);
    assert_int_equal(spelling_distance((struct text){long_word, SPELLING_SIZE_MAX}, TEXT("a")), 63);
}

TEST(what_is_longer_than_any_word_is_far_from_all)
{
    char words[SPELLING_SIZE_MAX + 1];
    struct text word = TEXT("accepted"), too_long = {words, sizeof words};
    memset(words, 'a', sizeof words);
    assert_int_equal(spelling_distance(word, too_long), UINT32_MAX);
    assert_int_equal(spelling_distance(too_long, word), UINT32_MAX);
    too_long.size--;
    assert_in_range(spelling_distance(word, too_long), 1, SPELLING_SIZE_MAX);
}

TEST(every_op_is_found_by_number_and_by_name)
{
    for (int op = 1; op < OP_COUNT; op++) {
        const struct op_row *row = op_row((enum op)op);
        assert_int_equal(row->op, op);
        assert_ptr_equal(op_row_named(row->name, (uint32_t)strlen(row->name)), row);
        assert_non_null(row->request);
        assert_non_null(row->reply);
    }
    assert_null(op_row(OP_NONE));
    assert_null(op_row(OP_COUNT));
    assert_null(op_row_named("task_gets", 9));
    assert_string_equal(op_row_nearest("task-get", 8)->name, "task_get");
    assert_null(op_row_nearest("frobnicate", 10));
}

/* ---- what a newer program wrote ---- */

static int read_as(const struct message *message, void *out, struct text frame, bool any)
{
    struct decoder *decoder = decoder_new();
    struct envelope envelope;
    struct problem problem;
    if (any)
        decoder_take_any_term(decoder);
    assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, &problem), 0);
    const int error = decoder_read(decoder, message, out, &problem);
    decoder_free(decoder);
    return error;
}

TEST(unknown_terms_are_passed_over_by_a_decoder_that_is_told_so)
{
    /* Required: 0. */
    struct msg_closed closed;
    const struct text end = TEXT("\x83\xa2op\xa6"
                                 "closed\xa6"
                                 "ending\xa4tide\xa3seq\x07");
    assert_int_equal(read_as(&message_closed, &closed, end, false), COORD_E_BAD_TERM);
    assert_int_equal(read_as(&message_closed, &closed, end, true), 0);
    assert_int_equal(closed.ending, ENDING_NONE);
    assert_int_equal(closed.seq, 7);
    /* Optional: absent. */
    struct msg_error error;
    const struct text refusal = TEXT("\x86\xa2op\xa5"
                                     "error\xa5"
                                     "error\xa1x\xa4"
                                     "code\x01\xa5retry\xc2\xa7message\xa1y\xa5state\xa4tide");
    assert_int_equal(read_as(&message_error, &error, refusal, false), COORD_E_BAD_TERM);
    assert_int_equal(read_as(&message_error, &error, refusal, true), 0);
    assert_false(MSG_HAS(&error, error, state));
    assert_int_equal(error.code, 1);
    /* Of a set: left out. */
    struct msg_subscribe subscribe;
    const struct text set = TEXT("\x83\xa2op\xa9subscribe\xa7notices\x92\xa4tide\xa8reminder\xa6"
                                 "credit\x05");
    assert_int_equal(read_as(&message_subscribe, &subscribe, set, false), COORD_E_BAD_TERM);
    assert_int_equal(read_as(&message_subscribe, &subscribe, set, true), 0);
    assert_int_equal(subscribe.notices, TERM_BIT(NOTICE_REMINDER));
}
