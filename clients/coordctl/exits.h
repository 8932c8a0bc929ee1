/* What coordctl exits with: scripts rely on it. */
#ifndef COORDCTL_EXITS_H
#define COORDCTL_EXITS_H

#include "message.h"

enum exit_code {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1,   /* the broker refused it for another reason than these */
    EXIT_USAGE = 2,     /* the command line is wrong, or a file that is to be read */
    EXIT_NOT_FOUND = 3, /* what it names is not there, or not for this agency */
    EXIT_FORBIDDEN = 4, /* the key or the agency may not do this */
    EXIT_CONFLICT = 5,  /* it does not fit what is there now */
    EXIT_NO_BROKER = 6, /* no answer: it may or may not have been done; the same may be tried again */
    EXIT_CONTEXT = 7,   /* no context, or one that cannot be used */
    EXIT_SYSTEM = 8,    /* memory, disk, a file that is to be written */
};

/* Of an error; EXIT_REFUSED of one that a newer broker knows. */
enum exit_code exit_code_of(int error);
/* What to type next when it answers the request of an op; NULL for nothing in particular. */
const char *exit_next(int error, enum op op);

#endif
