#include "loop/puts.h"

#include <stdio.h>
#include <string.h>

#include "unit/test.h"

static struct place place_of(uint32_t agency, unsigned consumer, uint64_t seq)
{
    struct place place = {.agency = agency, .at = {.key = 1, .seq = seq}};
    snprintf(place.consumer, sizeof place.consumer, "c%u", consumer);
    return place;
}

static struct put *say(struct puts *puts, uint32_t agency, unsigned consumer, uint64_t seq)
{
    const struct place place = place_of(agency, consumer, seq);
    assert_true(puts_have_room(puts, agency));
    struct put *put = puts_add(puts, agency, &place);
    puts_owe(puts, put, seq, true, TEXT("answer"));
    return put;
}

static unsigned count_owed(const struct put *put)
{
    unsigned count = 0;
    for (const struct put_answer *answer = put->first; answer; answer = answer->next)
        count++;
    return count;
}

TEST(those_of_each_agency_are_put_in_turn_and_in_their_order)
{
    struct puts puts = {0};
    struct put *taken[6];
    for (unsigned i = 0; i < 100; i++)
        (void)say(&puts, 1, i, 5);
    struct put *second = say(&puts, 2, 0, 5), *third = say(&puts, 3, 0, 5);
    assert_int_equal(puts_take(&puts, taken, 6), 6);
    assert_ptr_equal(taken[1], second);
    assert_ptr_equal(taken[2], third);
    assert_string_equal(taken[0]->place.consumer, "c0");
    for (unsigned i = 3; i < 6; i++)
        assert_int_equal(taken[i]->place.consumer[1], (int)('0' + i - 2));
    assert_int_equal(puts_take(&puts, taken, 1), 1);
    assert_string_equal(taken[0]->place.consumer, "c4");
    puts_done(&puts);
    assert_int_equal(puts.count + puts.owed, 0);
}

TEST(of_one_consumer_the_furthest_waits_and_what_is_under_way_stays_as_it_is)
{
    struct puts puts = {0};
    struct put *taken[4];
    struct put *first = say(&puts, 1, 0, 5);
    assert_ptr_equal(say(&puts, 1, 0, 9), first);
    assert_ptr_equal(say(&puts, 1, 0, 7), first);
    assert_int_equal(first->place.at.seq, 9);
    assert_int_equal(count_owed(first), 3);
    assert_int_equal(puts_take(&puts, taken, 4), 1);
    assert_ptr_equal(say(&puts, 1, 0, 9), first); /* that will be there as well */
    struct put *next = say(&puts, 1, 0, 10);
    assert_ptr_not_equal(next, first);
    assert_ptr_equal(say(&puts, 1, 0, 12), next);
    assert_int_equal(first->place.at.seq, 9);
    assert_int_equal(puts_furthest(&puts, 1, 1, TEXT("c0")), 12);
    assert_int_equal(puts_furthest(&puts, 2, 1, TEXT("c0")), 0);
    assert_int_equal(puts_furthest(&puts, 1, 1, TEXT("c1")), 0);
    put_free(puts_take_out(&puts, first));
    assert_int_equal(puts.owed, 2);
    puts_done(&puts);
}

TEST(of_places_that_brokers_made_none_goes_for_another)
{
    struct puts puts = {0};
    struct place first = place_of(1, 0, 5), second = place_of(1, 0, 7);
    struct put *said = say(&puts, 1, 0, 9);
    first.at.made = second.at.made = true;
    struct put *made = puts_add(&puts, 1, &first);
    assert_ptr_not_equal(made, said);
    assert_ptr_not_equal(puts_add(&puts, 1, &second), made);
    assert_ptr_equal(puts_add(&puts, 1, &first), made);
    assert_int_equal(made->place.at.seq, 5);
    puts_done(&puts);
}

TEST(what_was_taken_and_not_put_waits_again_before_what_came_later)
{
    struct puts puts = {0};
    struct put *taken[4];
    struct put *first = say(&puts, 1, 0, 5);
    (void)puts_take(&puts, taken, 4);
    (void)say(&puts, 1, 1, 5);
    puts_wait_again(&puts);
    assert_int_equal(puts_take(&puts, taken, 4), 2);
    assert_ptr_equal(taken[0], first);
    puts_done(&puts);
}

TEST(an_agency_has_room_for_so_many_and_others_have_theirs)
{
    struct puts puts = {0};
    for (unsigned i = 0; i < PUTS_EACH; i++)
        (void)say(&puts, 1, i, 5);
    assert_false(puts_have_room(&puts, 1));
    for (unsigned i = 0; i < PUTS_OWED; i++)
        (void)say(&puts, 2, 0, 5);
    assert_false(puts_have_room(&puts, 2));
    for (uint32_t agency = 3; puts.owed < PUTS_OWED_ALL; agency++)
        for (unsigned i = 0; i < PUTS_OWED && puts.owed < PUTS_OWED_ALL; i++)
            (void)say(&puts, agency, 0, 5);
    (void)say(&puts, 1000, 0, 5); /* one of each always */
    assert_false(puts_have_room(&puts, 1000));
    puts_done(&puts);
    assert_true(puts_have_room(&puts, 1));
}
