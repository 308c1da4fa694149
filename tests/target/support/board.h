/* SPDX-FileCopyrightText: The nv2 authors */
/* SPDX-License-Identifier: Apache-2.0 */
/* A bare Cortex-M board of the emulator (mps2-an385, -an386, -an500, -an505) for test programs in C and C++. Link board.cpp
   and, with -T, mps2.ld, and define board_main. */
#ifndef NV2_TEST_TARGET_BOARD_H
#define NV2_TEST_TARGET_BOARD_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The program: called once data and bss are set up and global constructors have run. What it returns is the exit status of
   the emulator; 3 after a fault. */
int board_main(void);

/* A request to the debugger, which the emulator plays. */
uint32_t board_semihost(uint32_t operation, const void* argument);

void board_print(const char* text);
/* Decimal. */
void board_print_number(uint32_t value);
/* What was given with -semihosting-config arg=...,arg=...: all but the first, with spaces between. */
const char* board_arguments(void);
void board_leave(int status) __attribute__((noreturn));

/* A file of the host. Returns less than nothing when it cannot be opened. */
int board_open(const char* path);
uint32_t board_file_size(int file);
/* Reads exactly `size` bytes from where the last read ended; 0 when there are not as many. */
int board_read(int file, void* to, uint32_t size);
void board_close(int file);

/* Paints the stack below the frame of the caller; then tells how many bytes of that were written to, most of a stack of 64
   KB. Both must be called from one function. */
void board_paint_stack(void);
size_t board_used_stack(void);

/* Instructions executed between the calls, whole loops of the timer (100 s) aside; right under `-icount shift=6` only. */
void board_start_count(void);
uint32_t board_count(void);

#ifdef __cplusplus
}
#endif

#endif /* NV2_TEST_TARGET_BOARD_H */
