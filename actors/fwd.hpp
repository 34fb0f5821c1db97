#pragma once

namespace carillon::actors {

class alarm;
class call_board;
class call_shell;
class channel_book;
class directory;
class engine;
class user_book;
struct context;

} // namespace carillon::actors
