/* Any bytes as a record or a row of the journal: refused with a reason, or taken; never more. The first byte says which.
 */
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct problem problem = {0};
    if (size < 2)
        return 0;
    struct core *core = core_new();
    const uint8_t kind = bytes[0] % (ROW_CONSUMER + 1);
    int result;
    if (kind == 0) {
        const struct journal_record record = {1, bytes[1] % 3, 0, bytes + 2, (uint32_t)(size - 2)};
        result = core_restore_record(core, &record, &problem);
    } else {
        const struct journal_row row = {ROW_KEY(kind, bytes[1] % 4), 1, bytes + 2, (uint32_t)(size - 2)};
        result = core_restore_row(core, &row, &problem);
    }
    if (result == 0)
        result = core_restore_done(core, 1, &problem);
    FUZZ_CHECK(result == 0 || problem.message[0]);
    core_free(core);
    return 0;
}
