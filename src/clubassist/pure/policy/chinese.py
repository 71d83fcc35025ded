"""What the check says, in Chinese: its sentences with holes, in the order in which they are filled."""

from __future__ import annotations

import re
from functools import cache

SENTENCES = {
    # What is wrong.
    "{} rows have this id": "有 {} 行用了这个编号",
    "a brace stands alone": "有一个单独的花括号",
    "a pack has no such file": "规程包里没有这样的文件",
    "attainment of nothing": "没有承诺可算达成率",
    "at_least “{}” is above at_most “{}”": "at_least“{}”高于 at_most“{}”",
    "it is not TOML in UTF-8: {}": "不是 UTF-8 编码的 TOML：{}",
    "its values are nested too deep": "值嵌套太深",
    "it cannot be read: {}": "读不了：{}",
    "it is larger than {} KiB": "大于 {} KiB",
    "nothing can be found by “{}”": "用“{}”什么也找不到",
    "at_least {} is above at_most {}": "at_least {} 高于 at_most {}",
    "the goal {} h is below zero": "目标 {} 小时小于零",
    "the text holds a control character, U+{}": "文字里有控制字符 U+{}",
    "{} has no time to put for {due}": "{} 没有可填入 {due} 的时间",
    "{}, {} cases of kind “{}” have no time to put for {due}": "{}、{} 的“{}”类工单没有可填入 {due} 的时间",
    "{} statements are too many to compare": "{} 条陈述太多，比较不过来",
    "“{}” cannot be run": "“{}”无法执行",
    "“{}” is neither true nor false": "“{}”既不是 true 也不是 false",
    "“{}” is not a finite number": "“{}”不是有限的数字",
    "“{}” is out of range": "“{}”超出范围",
    "“{}” is too long": "“{}”太长",
    "kind and weight do not go together": "kind 和 weight 没有成对出现",
    "no deadline makes the promise “{}”": "没有哪条时限作出承诺“{}”",
    "no kind is “{}”": "没有类别“{}”",
    "no kind of case is left at this club": "这家俱乐部不再有任何工单类别",
    "no pack “{}” is shipped": "没有随产品提供的规程包“{}”",
    "nobody is called “{}”": "没有叫“{}”的人或角色",
    "the clause points back to itself": "这一条绕回了自己",
    "the code is not of the class “{}”": "代码不属于大类“{}”",
    "the folder {} has none": "目录 {} 里没有这个文件",
    "the goal {} % is not a share": "目标 {}% 不是一个比例",
    "the key “{}” is unknown": "不认识字段“{}”",
    "the ladder does not rise": "提醒的百分比没有递增",
    "the list is empty": "列表是空的",
    "the measure has no goal": "这项指标没有目标",
    "the pack “{}” has a clause of this id": "规程包“{}”里已有这个编号的条款",
    "the pack “{}” is not there": "没有规程包“{}”",
    "the placeholder {} is unknown": "不认识占位符 {}",
    "the rule proposes nothing": "这条规则什么也没有建议",
    "the statement has no number and no frequency": "这条陈述既没有数字也没有频率",
    "the table “{}” is unknown": "不认识表“{}”",
    "the term leads back to itself": "这个词绕回了自己",
    "the two languages use different placeholders": "两种语言的占位符不一样",
    "the value has the wrong form": "写法不对",
    "the value is not one of the allowed ones": "不是允许的值",
    "there is no clause {}": "没有条款 {}",
    "there is no department “{}”": "没有部门“{}”",
    "there is no goal “{}”": "没有目标“{}”",
    "there is no list of words “{}”": "没有词表“{}”",
    "there is no playbook “{}”": "没有流程“{}”",
    "there is no switch “{}”": "没有开关“{}”",
    "there is no word “{}”": "没有词“{}”",
    "two packs in force differ": "两个同时生效的规程包说法不一",
    "version “{}” of this pack is there already": "这个规程包已有版本“{}”",
    "“{}” has too many gaps": "“{}”的空档太多",
    "“{}” counts no clocks": "“{}”不计时钟",
    "“{}” is not counted in {}": "“{}”不以 {} 为单位",
    "“{}” is below zero": "“{}”小于零",
    "“{}” is empty": "“{}”是空的",
    "“{}” is longer than the target “{}”": "“{}”比时限“{}”还长",
    "“{}” is missing": "缺少“{}”",
    "“{}” is not a frequency": "“{}”不是频率",
    "“{}” is not a length of time": "“{}”不是一段时间",
    "“{}” is not a list": "“{}”不是列表",
    "“{}” is not a number": "“{}”不是数字",
    "“{}” is not a number with a unit": "“{}”不是带单位的数字",
    "“{}” is not a table": "“{}”不是表",
    "“{}” is not a text": "“{}”不是文字",
    "“{}” is not a whole number of working days": "“{}”不是整数个工作日",
    "“{}” is not above zero": "“{}”不大于零",
    # What to do.
    "Give hours or calendar days; the clocks do not count working days.": "请写小时或自然日，时钟不按工作日计时。",
    "Give a time from one second to ten years.": "请写一秒到十年之间的时间。",
    "Give at least {}.": "请写不小于 {} 的数。",
    "Give at most {}.": "请写不大于 {} 的数。",
    "Make it a readable file.": "请改成可以读取的文件。",
    "Only case.opened and clock.moved have a time; take {due} out.": (
        "只有 case.opened 和 clock.moved 有时间，请去掉 {due}。"
    ),
    "Split the pack, or shorten its texts.": "请拆分规程包，或缩短文字。",
    "Split the rules into several packs.": "请把规则分成几个规程包。",
    "Use at most {} characters.": "最多 {} 个字符。",
    "Use one of {}, or a length of time such as \"2 h\" or \"6 months\".": (
        "请用其中之一：{}，或写一段时间，如 \"2 h\" 或 \"6 months\"。"
    ),
    "Write a word; * and … only stand beside one.": "请写一个词；* 和 … 只能跟在词旁边。",
    "Write it like the other packs: tables and lists of texts.": "请像其他规程包那样写：表，和文字的列表。",
    "Write them a notice of their own, or give them a deadline.": "请为它们单写一条通知，或给它们一条时限。",
    "Write true or false without quotation marks.": "请写 true 或 false，不加引号。",
    "A switch may only make the limit stricter: give it the shorter time.": "开关只能使时限更严：请写更短的时间。",
    "Add at_least or at_most.": "请补上 at_least 或 at_most。",
    "Add at_most, at_least, change or every.": "请补上 at_most、at_least、change 或 every。",
    "Add it as [[words]], or name one that exists.": "请用 [[words]] 加上它，或改为已有的词表。",
    "Add it to owners.toml, or use one of {}.": "请加到 owners.toml，或用其中之一：{}。",
    "Add it to goals.toml, or name one that exists.": "请加到 goals.toml，或改为已有的目标。",
    "Add it to pack.toml, or name one that exists.": "请加到 pack.toml，或改为已有的开关。",
    "Add it, or name a word that the terms or statements use.": "请加上它，或改为用词或陈述里已有的词。",
    "Add it, or name one that exists.": "请加上它，或改为已有的一个。",
    "Add kind with weight, urgency, emotion, complexity, safety or names.": (
        "请补上 kind 和 weight，或 urgency、emotion、complexity、safety、names。"
    ),
    "Add the promise whose clocks are counted.": "请写上要计的承诺。",
    "Add the file.": "请加上这个文件。",
    "Add {} to the row.": "请在这一行补上 {}。",
    "Begin the code with its class.": "请让代码以大类开头。",
    "Check the packs together.": "请把这些规程包一起检查。",
    "Choose one of {}.": "请选其中之一：{}。",
    "Correct it, or add the kind to kinds.toml.": "请改正，或把类别加到 kinds.toml。",
    "Correct that place.": "请改正那一处。",
    "Correct the number, or add the pack that has it to cites in pack.toml.": (
        "请改正编号，或把含有它的规程包加到 pack.toml 的 cites。"
    ),
    "Correct the value.": "请改正这个值。",
    "Give a limit above zero.": "请写大于零的限度。",
    "Give a limit of zero or more.": "请写不小于零的限度。",
    "Give a number of hours.": "请写小时数。",
    "Give a number from 0 to 100.": "请写 0 到 100 之间的数字。",
    "Give at_least the smaller number, or leave one of them out.": "请让 at_least 较小，或去掉其中一个。",
    "Give both or neither.": "请两个都写，或都不写。",
    "Give each its own id.": "请给每一处不同的编号。",
    "Give each rung a higher percentage than the one before.": "请让每一级的百分比高于前一级。",
    "Give the draft a new version.": "请给草稿一个新的版本号。",
    "Give whole days.": "请写整数天。",
    "It must match {}.": "要符合 {}。",
    "Keep “common”, or a pack with kinds of its own.": "请保留 common，或一个自带类别的规程包。",
    "Leave the promise out.": "请去掉承诺。",
    "Let the packs agree on {}, or give the rows different ids.": "请让它们的 {} 一致，或用不同的编号。",
    "Name at least one.": "请至少写一个。",
    "Name the promise of a deadline.": "请写某条时限的承诺。",
    "Point only to clauses with a duty of their own.": "请只指向自己有义务的条款。",
    "Put it in quotation marks.": "请加上引号。",
    "Put it in square brackets.": "请放进方括号。",
    "Remove it or correct its spelling.": "请删去，或改正拼写。",
    "Remove it or rename it to one of {}.": "请删去，或改名为其中之一：{}。",
    "Take it out.": "请去掉。",
    "Take the step that closes the circle out.": "请去掉绕回来的那一步。",
    "Use another letter before the number.": "请换一个字母开头。",
    "Use braces only for {}.": "花括号只用于 {}。",
    "Use one of the units {}.": "请用这些单位之一：{}。",
    "Use one of {}.": "请用其中之一：{}。",
    "Use … at most {} times in a word.": "一个词里最多用 {} 个 …。",
    "Use only {}.": "只能用 {}。",
    "Use the same ones in zh and en.": "请让中英文用同样的占位符。",
    "Use {}.": "请用 {}。",
    "Write digits without quotation marks.": "请写数字，不加引号。",
    "Write digits.": "请写数字。",
    "Write it like \"4 h\", \"98 %\" or \"+5 points\".": "请写成 \"4 h\"、\"98 %\" 或 \"+5 points\"。",
    "Write it as {key = value}, a text as {zh = \"…\", en = \"…\"}.": (
        "请写成 {key = value}，文字写成 {zh = \"…\", en = \"…\"}。"
    ),
    'Write unit = "{}".': '请写 unit = "{}"。',
    "Write the text.": "请写上文字。",
}  # fmt: skip
HOLE = "{}"


def in_chinese(sentence: str) -> str:
    """A sentence of the check in Chinese; one that is not ours (the parser's, say) stays as it is."""
    for pattern, chinese in _patterns():
        found = pattern.fullmatch(sentence)
        if found:
            parts = zip(chinese.split(HOLE), (*found.groups(), ""), strict=True)
            return "".join(f"{words}{value}" for words, value in parts)
    return sentence


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The sentences as patterns, those with the most words of their own first."""
    order = sorted(SENTENCES, key=lambda each: len(each.replace(HOLE, "")), reverse=True)
    return tuple(
        (re.compile("(.*?)".join(map(re.escape, each.split(HOLE))), re.DOTALL), SENTENCES[each])
        for each in order
    )
