/* A file that gets its name once it is whole. */
#ifndef COORDD_JOURNAL_WHOLE_H
#define COORDD_JOURNAL_WHOLE_H

/* Syncs the file `part`, calls it `path`, and syncs that name. A file that is there keeps its name: -1 and EEXIST. */
int whole_name(const char *part, const char *path);

#endif
