/* Any text as a file for coordctl apply: JSON, or holidays as iCalendar. */
#include <stdlib.h>
#include <string.h>

#include "../../clients/coordctl/apply_file.h"
#include "../../clients/coordctl/ics.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct apply_file file;
    struct ics_days days;
    struct arena arena;
    struct problem problem = {0};
    char *text = malloc(size + 1);
    FUZZ_CHECK(text);
    memcpy(text, bytes, size);
    text[size] = '\0';
    arena_init(&arena);
    if (size > 0 && bytes[0] == 'B')
        FUZZ_CHECK(ics_read(text, 2030, &days, &arena, &problem) == 0 || problem.message[0]);
    else
        FUZZ_CHECK(apply_file_read(&file, text, &arena, &problem) == 0 || problem.message[0]);
    if (size == 0 || bytes[0] != 'B')
        json_decref(file.root);
    arena_done(&arena);
    free(text);
    return 0;
}
