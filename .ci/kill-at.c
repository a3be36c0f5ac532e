/*
 * Loaded before a process's libraries (LD_PRELOAD), ends it by SIGKILL at the n-th of its steps that change something: before
 * each write to, flush, renaming, making or shortening of a file below one of two directories, and in the middle of each write
 * to the second. Used by .ci/control-kill.
 *
 *   KILL_IN    the two directories: DIR:DIR
 *   KILL_AT    the step, counted from 1; none: it lives
 *   KILL_COUNT file that is told how many steps there were, when it ends by itself
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static atomic_int steps;

static int step(void) {
  const char *at = getenv("KILL_AT");
  return atomic_fetch_add(&steps, 1) + 1 == (at ? atoi(at) : 0);
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

static void pass(void) {
  if (step()) die();
}

/* 1 or 2: which directory a path is in; 0: neither. */
static int place(const char *path) {
  const char *in = getenv("KILL_IN");
  const char *second = in ? strchr(in, ':') : NULL;
  if (!second) return 0;
  if (!strncmp(path, second + 1, strlen(second + 1))) return 2;
  return !strncmp(path, in, second - in);
}

static int place_of(int fd) {
  char link[64], path[PATH_MAX + 1];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX);
  if (length < 0) return 0;
  path[length] = 0;
  return place(path);
}

static void write_half(int fd, const void *bytes, size_t length) {
  ssize_t half = REAL(write)(fd, bytes, length / 2);
  (void)half;
  die();
}

ssize_t write(int fd, const void *bytes, size_t length) {
  int in = place_of(fd);
  if (in) pass();
  if (in == 2 && step()) write_half(fd, bytes, length);
  return REAL(write)(fd, bytes, length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  if (place_of(fd)) pass();
  return REAL(pwrite64)(fd, bytes, length, at);
}

int fsync(int fd) {
  if (place_of(fd)) pass();
  return REAL(fsync)(fd);
}

int fdatasync(int fd) {
  if (place_of(fd)) pass();
  return REAL(fdatasync)(fd);
}

int ftruncate64(int fd, off64_t length) {
  if (place_of(fd)) pass();
  return REAL(ftruncate64)(fd, length);
}

int rename(const char *from, const char *to) {
  if (place(to)) pass();
  return REAL(rename)(from, to);
}

int mkdir(const char *path, mode_t mode) {
  if (place(path)) pass();
  return REAL(mkdir)(path, mode);
}

int open64(const char *path, int flags, ...) {
  va_list values;
  va_start(values, flags);
  mode_t mode = va_arg(values, mode_t);
  va_end(values);
  if ((flags & O_CREAT) && place(path)) pass();
  return REAL(open64)(path, flags, mode);
}

__attribute__((destructor)) static void tell(void) {
  const char *name = getenv("KILL_COUNT");
  FILE *file = name ? fopen(name, "w") : NULL;
  if (file) {
    fprintf(file, "%d\n", steps);
    fclose(file);
  }
}
