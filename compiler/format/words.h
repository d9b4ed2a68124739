// A text as the formatter sees it: words, the comments between them, and how each word may join to the
// previous word. The joints follow from the grammar alone, so this is the only file of this folder that
// depends on it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tunec::format {

enum class Joint : std::uint8_t {
  tight,        // nothing between the two: a.b
  as_written,   // within a pattern of hosts, where a blank would have a meaning
  fixed,        // one blank, never a line end: host NAME
  inner,        // nothing, or a line end where the author has one: after `(`, before `]`
  space,        // one blank, or a line end where the author has one
  statement,    // begins a statement of a block
  close,        // the `}` of a block
  declaration,  // begins a line
  verbatim,     // part of something that does not parse
};

struct Comment {
  std::uint32_t begin = 0, end = 0;  // without blanks at its end
  bool beside = false;               // on the line of the previous word
  bool after_blank_line = false;
  bool verbatim = false;  // part of a text that stays as it is
};

struct Word {
  int kind = 0;  // a grammar::Kind
  std::uint32_t begin = 0, end = 0;
  std::uint32_t width = 0;          // in characters
  std::uint32_t first_comment = 0;  // the first of those before this word; the next word has their end
  std::uint32_t match = 0;          // of `{`: the word that closes it
  Joint joint = Joint::fixed;
  bool new_line = false;          // the author began a line here
  bool after_blank_line = false;  // right before this word
  bool blank_before = false;      // any blank before it
};

// A part of the text that stays as it is: its words, and its bytes.
struct Verbatim {
  std::uint32_t first = 0, last = 0;
  std::uint32_t begin = 0, end = 0;
};

struct Words {
  std::string_view text;
  std::vector<Word> all;  // the last one is the end of the text
  std::vector<Comment> comments;
  std::vector<Verbatim> verbatim;
  bool readable = true;  // false: brackets too deep, so that nothing is known about the text

  std::uint32_t size() const { return static_cast<std::uint32_t>(all.size()); }
  std::span<const Comment> comments_before(std::uint32_t i) const {
    const std::uint32_t begin = all[i].first_comment;
    const auto end = i + 1 < all.size() ? all[i + 1].first_comment : comments.size();
    return std::span(comments).subspan(begin, end - begin);
  }
};

Words read_words(std::string_view text);
// Makes the declarations from word `first` to the one before `next` verbatim. After several calls, call
// sort_verbatim() once: it sorts these parts and drops those that are within others.
void keep_verbatim(Words& words, std::uint32_t first, std::uint32_t next);
void sort_verbatim(Words& words);

}  // namespace tunec::format
