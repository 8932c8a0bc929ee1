#include "loop/account.h"

#include "core/core.h"
#include "unit/test.h"

TEST(an_agency_has_one_account_and_keys_that_nobody_has_another)
{
    struct accounts accounts;
    accounts_init(&accounts);
    struct account *first = accounts_of(&accounts, 7);
    assert_ptr_not_equal(accounts_of(&accounts, 70000), first);
    assert_ptr_equal(accounts_of(&accounts, 7), first);
    assert_ptr_equal(accounts_of(&accounts, CORE_NO_AGENCY), &accounts.nobody);
    assert_int_equal(first->agency, 7);
    accounts_done(&accounts);
}

TEST(those_that_cost_the_most_come_first_and_no_more_than_asked)
{
    static const uint64_t costs[] = {5, 90, 0, 31, 90, 7};
    static const uint64_t wanted[] = {90, 90, 31, 7};
    const struct account *top[8];
    struct accounts accounts;
    accounts_init(&accounts);
    assert_int_equal(accounts_top(&accounts, top, 8), 0);
    for (uint32_t i = 0; i < 6; i++)
        accounts_of(&accounts, 3 * i)->cost = costs[i];
    assert_int_equal(accounts_top(&accounts, top, 4), 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(top[i]->cost, wanted[i]);
    assert_int_equal(accounts_top(&accounts, top, 8), 6);
    assert_int_equal(accounts_top(&accounts, top, 0), 0);
    accounts_done(&accounts);
}
