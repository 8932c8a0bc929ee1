/* What a program that serves is told by signals. */
#include "unit/test.h"

#include <signal.h>

#include "../../../clients/common/stop.h"

TEST(a_signal_to_read_again_is_asked_for_once_and_stops_nothing)
{
    stop_watch();
    reload_watch();
    assert_false(reload_asked());
    raise(SIGHUP);
    assert_true(reload_asked());
    assert_false(reload_asked());
    assert_false(stop_asked());
    raise(SIGTERM);
    assert_true(stop_asked());
}
