// Marks the code that is compiled anew for each processor.
//
// A processor's file defines CK_TARGET, the instructions it may use, and includes dispatch.h. Functions
// between CK_BEGIN_TARGET and CK_END_TARGET are compiled with them. The linker merges functions of one
// name: lest it take one processor's code for another's, every function in between is a template over the
// processor P, or always inlined. Headers without these marks hold bookkeeping, which is compiled for any
// processor and inlined into either.
#pragma once

#ifndef CK_TARGET
#error "a processor's file defines CK_TARGET before it includes its passes"
#endif

#define CK_BEGIN_TARGET \
  _Pragma("clang attribute push(__attribute__((target(CK_TARGET))), apply_to = function)")
#define CK_END_TARGET _Pragma("clang attribute pop")
