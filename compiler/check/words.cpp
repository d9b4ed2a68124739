// Texts that their consumer splits into words. The consumer skips unknown words, and uses the rest.
#include <algorithm>

#include "base/suggest.h"
#include "check/checks.h"
#include "diagnostics/diag.h"

namespace tunec {
namespace {

// The words of one text. A word with `=` keeps the `=`, but not its value.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string word = text.substr(begin, end - begin);
    if (const std::size_t equals = word.find('='); equals != std::string::npos) word.resize(equals + 1);
    if (!word.empty()) words.push_back(std::move(word));
    begin = end + 1;
  }
  return words;
}

bool is_read(const ParamInfo& param, const std::string& word) {
  return std::ranges::find(param.words, word) != param.words.end();
}

}  // namespace

void check_words(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  const Forms& forms = input.catalogue.forms();
  for_each_distinct_setting(plan, [&](const Setting& setting, const HostPlans& hosts) {
    if (setting.param->words.empty() || setting.origin.unchecked || setting.value.poisoned()) return;
    const List* list = setting.value.get_if<List>();
    for (const Value& item : list != nullptr ? list->items : std::vector<Value>{setting.value}) {
      for (const std::string& word : words_of(to_text(item))) {
        // Words that no carrier can write are another mistake (T0406)
        if (is_read(*setting.param, word) || !forms.of_value(setting.surface, setting.key, word).empty())
          continue;
        Draft draft = reporter.report(user_place(setting.origin, input.sources), diag::unread_word,
                                      setting.name, word);
        draft.key(setting.name + word)
            .hosts(names_of(hosts), hosts.front()->facts->platform->describe(), through(setting.origin));
        const std::vector<std::string_view> known(setting.param->words.begin(), setting.param->words.end());
        if (const auto near = nearest(word, known)) draft.did_you_mean(*near);
        else draft.help("if the name is right, write `unchecked NAME = VALUE because \"…\"`");
      }
    }
  });
}

}  // namespace tunec
