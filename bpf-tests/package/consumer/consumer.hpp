// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#pragma once
/// What the consumer looks for, in a header of its own for the rebuild test to touch.
#ifndef CONSUMER_PREFIX
#define CONSUMER_PREFIX "HTTP/1.1"
#endif
