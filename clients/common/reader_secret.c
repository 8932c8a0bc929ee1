/* Secrets, which stand in files of their own beside a configuration. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "reader.h"

#define SECRET_MAX 4096 /* bytes in a file of a secret */

/* The file's one line, without its end. It must not be there for everybody to read. */
void take_secret(struct reader *reader, yaml_node_t *node, void *into)
{
    char bytes[SECRET_MAX + 1];
    struct stat status;
    const char *path = reader_text(reader, node);
    if (!path)
        return;
    FILE *file = fopen(path, "re");
    const size_t size = file ? fread(bytes, 1, SECRET_MAX, file) : 0;
    bytes[size] = '\0';
    bytes[strcspn(bytes, "\r\n")] = '\0';
    if (!file || fstat(fileno(file), &status) != 0)
        reader_fault(reader, node, "%s cannot be read: %s", path, strerror(errno));
    else if (status.st_mode & (S_IRWXO | S_IWGRP))
        reader_fault(reader, node,
                     "%s has mode %04o, so that others may read or change it; 0600 or 0640 would be right", path,
                     (unsigned)status.st_mode & 07777);
    else if (!bytes[0])
        reader_fault(reader, node, "%s is empty; it would be one line, the secret", path);
    else
        *(const char **)into = arena_copy(reader->arena, (struct text){bytes, (uint32_t)strlen(bytes) + 1}).data;
    if (file)
        fclose(file);
}
