"""The demo's script: invented members and what they write, and what the staff do about it, hour by hour.

Hours are chosen for a demo started in the afternoon: nearly all of it then happens in opening hours. Every
word is invented; nobody in these stories is hurt or ill.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

SEEN: Final = "到场查看并问了当班同事，与会员所说一致。"
AGREED: Final = "电话里同意这样处理。"
ASKED: Final = {
    "remedy_sought": "希望尽快处理，并给个说法",
    "place": "前台附近",
    "people": "本人",
    "occurred_words": "来反映之前不久",
}
REPORTED: Final = "经过与结果见时间线，已与责任部门复盘。"
CONFIRMED: Final = "回访：会员确认问题已经解决。"

# fmt: off
MEMBERS: Final = (
    "林晓彤", "郭子轩", "何雨桐", "罗建国", "梁思远", "宋佳", "唐文博", "许梦洁",
    "冯立新", "曹雪晴", "彭程", "蒋一鸣", "蔡宇航", "沈若兰", "韩冬", "魏淑芬",
    "薛明辉", "叶青禾", "杜鹏飞", "丁一帆", "潘秀英", "欧阳静怡", "司徒浩然", "古丽娜尔·艾力",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Step:
    """One deed of the staff, `after` hours after receipt.

    `take_up` asks for what the report left open and judges it. `tasks` takes every step of the present stage, which
    opens the next one. They and `close` have no text. `offer` tells the member what we offer, for `cost` yuan; with
    `accept` they agree to it.
    """

    after: float
    role: Literal["agent", "service_manager", "technician", "coach"]
    deed: Literal["reply", "call", "note", "resolve", "close", "tasks", "offer", "accept", "take_up"]
    text: str = ""
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """One matter, received `hours_ago`: what the member says, the facts they give (B18) and the steps taken.

    `area` is the position of the area in its venue, 0 for none; `place` tells whether place and time were
    given, `known` whether a registered member speaks. Without `urgency` the kind's own holds.
    """

    hours_ago: float
    kind: Literal["complaint.service", "complaint.venue", "complaint.event", "inquiry", "praise_or_other"]
    text: str
    channel: Literal["web", "phone", "wechat"] = "web"
    urgency: Literal["", "urgent"] = ""
    area: int = 0
    place: bool = True
    people: str = ""
    remedy: str = ""
    known: bool = True
    steps: tuple[Step, ...] = ()


def _ticks(*after: float) -> tuple[Step, ...]:
    """Return one `tasks` step of the agent per hour given: one stage of the playbook each."""
    return tuple(Step(hours, "agent", "tasks") for hours in after)


# Even positions happen in the basketball hall, odd ones in the gym; the busy day is the fifth before today.
# A story is a paragraph; one argument per line would double the length, so the formatter stays out.
# fmt: off
STORIES: Final[tuple[Story, ...]] = (
    Story(189.5, "complaint.venue", "二号场靠窗那边有两盏灯一直闪，投篮时特别晃眼，打了半场就没法打了。",
          area=2, people="本人和九位球友", remedy="尽快修好，退半场的场租", steps=(
        Step(0.4, "agent", "reply", "您好，已经请张师傅去看二号场的灯了，今天就把结果告诉您，给您添麻烦了。"),
        Step(2, "agent", "note", "张伟看过：两只镇流器老化，库里有备件，明早开馆前换。"),
        Step(17, "agent", "resolve",
             "两盏灯都换好了，全场试过不再闪。半场场租已退回您的会员卡，请您留意到账。"),
        Step(90, "agent", "call", "回访：会员昨天又来打过球，灯正常，退款也收到了。"),
        *_ticks(0.5, 2.2, 2.4, 2.6, 17.1, 17.5, 90.1), Step(90.2, "agent", "close"),
    )),
    Story(188.2, "inquiry", "年卡可以停卡吗？下个月要去外地出差五周，停卡收不收手续费？", place=False, steps=(
        Step(0.3, "agent", "reply", "您好，年卡每年可以停两次，每次最长 60 天，不收手续费。需要我帮您办吗？"),
        *_ticks(0.4),
        Step(1.1, "agent", "resolve",
             "按您电话里说的日期，停卡已经办好，有效期顺延。提前回来，说一声就能恢复。"),
        Step(44, "agent", "close"),
    )),
    Story(173.5, "complaint.event",
          "三对三比赛说好每队至少打三场，我们打了两场就通知结束，报名费却一分没少。",
          area=1, place=False, people="我们队四个人、当天的赛事组", remedy="退一场的费用", steps=(
        Step(0.8, "service_manager", "call", "已回电致歉，记下了经过，答应今天核对赛程后回话。"),
        Step(3, "service_manager", "note",
             "赛程表显示前面的场次超时，最后一轮取消，没有通知到各队。规程里确实写了至少三场。"),
        Step(5.5, "service_manager", "reply",
             "核对过了，您说的没错，少打的一场是我们安排得不好。我们退您队三分之一的报名费，您看可以吗？"),
        Step(8, "agent", "resolve",
             "按电话里商定的办法，退款已原路退回，三个工作日内到账。下一届每场会多留十分钟，欢迎再来。"),
        *_ticks(0.9, 3.2, 5.6, 7, 8.1, 9, 99), Step(99.1, "service_manager", "close"),
    )),
    Story(172, "praise_or_other",
          "赵教练带的入门课讲得特别细，我这种零基础的也跟得上，谢谢！", "wechat", place=False, steps=(
        *_ticks(0.4), Step(0.5, "agent", "resolve", "谢谢您特意写来，已经转告赵教练，他很高兴。下节课见！"),
        Step(0.6, "agent", "close"),
    )),
    Story(168.6, "inquiry", "来电询问：工作日白天包半场多少钱，能不能开发票。", "phone", place=False, steps=(
        Step(0.1, "agent", "call", "已在电话里答复：工作日 17 点前半场每小时 120 元，可以开电子发票。"),
        *_ticks(0.15),
        Step(0.2, "agent", "resolve", "半场价格和开票方式已经发到您的手机，订场时填好抬头就能开票。"),
        Step(0.3, "agent", "close"),
    )),
    Story(163, "complaint.service",
          "续卡的时候顾问说送两节私教，刚才去约课，系统里一节也没有，前台也说不清。",
          area=4, people="办卡的顾问、前台值班同事", remedy="把两节课补上", steps=(
        Step(0.6, "agent", "reply", "您好，让您白等了，对不起。我去查续卡时的登记，明天上午给您答复。"),
        Step(14.5, "service_manager", "note",
             "翻到续卡登记，赠课一栏写着两节，录入系统时漏了。顾问也确认说过。"),
        Step(15.5, "agent", "resolve",
             "两节私教课已经加到您的账户里，三个月内都能约。录入时漏了，给您带来不便，很抱歉。"),
        *_ticks(0.7, 14.8, 15, 15.2, 15.6, 17, 87), Step(87.2, "agent", "close"),
    )),
    Story(149, "complaint.venue",
          "更衣室长凳底下积了一层灰，毛巾筐也满出来了，今天应该还没人打扫过。", "wechat",
          area=3, people="本人", steps=(
        Step(0.25, "agent", "reply", "谢谢您提醒，保洁马上过去，收拾好了我给您发消息。"),
        Step(0.9, "agent", "note", "早班保洁临时请假，没人顶班。已请王敏把更衣室排进开馆检查。"),
        Step(1.5, "agent", "resolve", "更衣室已经打扫干净，毛巾筐也清空了。以后每两小时会有人查看一次。"),
        *_ticks(0.3, 1, 1.1, 1.2, 1.6, 3, 52), Step(52.1, "agent", "close"),
    )),
    Story(146.5, "inquiry",
          "Hi, can I rent a locker by the month, and may I use my own padlock?", place=False, steps=(
        Step(0.5, "agent", "reply",
             "Hello! Yes, 60 yuan a month, and your own padlock is fine. Shall I keep one for you?"),
        *_ticks(0.6),
        Step(3, "agent", "resolve",
             "As agreed on the phone, locker 27 is yours. Please pay at the desk next time."),
        Step(28, "agent", "close"),
    )),
    Story(142, "inquiry",
          "孩子训练完把灰色水壶落在一号场边上了，麻烦帮忙看看有没有人捡到。", "wechat", area=1, steps=(
        Step(0.2, "agent", "reply", "您好，我现在就去场边找，马上回您。"),
        *_ticks(0.8), Step(0.9, "agent", "resolve", "水壶找到了，放在前台失物柜，报您的手机尾号就能取。"),
        Step(24, "agent", "close"),
    )),
    Story(139, "complaint.venue", "器械区人太多，深蹲架排了四十分钟都没轮上，还有人占着架子坐着看手机。",
          area=1, people="本人、占着架子的两位会员", remedy="高峰期要有人管一管", steps=(
        Step(0.5, "agent", "reply",
             "您好，等这么久确实扫兴。我请巡场教练现在就去器械区提醒，明天再告诉您后续的安排。"),
        Step(15.5, "service_manager", "note",
             "和赵磊商量：高峰期器械区固定一名巡场教练，深蹲架贴 20 分钟轮换提示。"),
        Step(18, "agent", "resolve",
             "从今天起，高峰期有教练在器械区巡场，深蹲架每人 20 分钟轮换。您随时可以叫他协调。"),
        Step(113, "agent", "call", "回访：会员说这两次来都没排长队，觉得有改善。"),
        *_ticks(0.6, 15.6, 16, 17, 18.2, 20, 113.1), Step(113.2, "agent", "close"),
    )),
    Story(125.6, "inquiry", "请问假期篮球营什么时候开始报名？孩子九岁，零基础可以吗？", place=False, steps=(
        Step(0.7, "agent", "reply",
             "您好，下月初开放报名，九岁零基础可以上启蒙班，每班最多 12 人。要不要给您留个提醒？"),
        *_ticks(0.8),
        Step(4, "agent", "resolve", "按您电话里说的，提醒设好了，开放报名当天会给您发消息。"),
        Step(30, "agent", "close"),
    )),
    Story(124.9, "complaint.service",
          "会员来电：约好的私教课到店才知道改了时间，没有接到通知，白跑一趟。", "phone",
          area=4, people="会员、排课的同事", remedy="补一节课，以后改时间要提前打电话", steps=(
        Step(0.3, "agent", "note", "会员比较着急，已转王敏亲自回电。"),
        Step(0.7, "service_manager", "call", "已回电致歉，答应当天查明原因，并按会员方便的时间重新排课。"),
        Step(5, "agent", "resolve", "课已按您选的时间排好，另外补您一节。以后改课我们会先打电话跟您确认。"),
        *_ticks(0.8, 3, 4, 4.5, 5.1, 7, 76), Step(76.1, "service_manager", "close"),
    )),
    Story(124, "complaint.venue",
          "场馆的公用球都磨得没纹路了，手一出汗就打滑，麻烦换一批吧。", area=1, people="本人和球友",
          remedy="换新球", steps=(
        Step(1, "agent", "reply", "您好，谢谢您反映。我们今天把公用球都检查一遍，磨光的先收起来。"),
        Step(6, "agent", "note", "20 只里有 11 只磨损，已报王敏采购，供货商说明天中午前送到。"),
        Step(26, "agent", "resolve", "新到的 12 只球已经放上球架，旧的都撤下了。让您多等了一天，不好意思。"),
        *_ticks(1.1, 6.1, 7, 8, 26.1, 28, 100), Step(100.1, "agent", "close"),
    )),
    Story(123.2, "inquiry", "想看看我的会员资料里都存了哪些信息，能导出一份给我吗？", place=False, steps=(
        Step(0.9, "agent", "reply",
             "您好，可以的。为了保护您的信息，请您带证件到前台核对一下，当场就能导出给您。"),
        *_ticks(1),
        Step(28, "agent", "resolve", "资料已经当面导出给您。如果发现哪里不对，随时告诉我们更正。"),
        Step(52, "agent", "close"),
    )),
    Story(121.5, "complaint.service", "退押金时我只是问能不能退到微信，前台语气很冲，说“自己不会看吗”。",
          area=4, people="前台值班的一位同事", remedy="希望有人给个说法", steps=(
        Step(0.5, "service_manager", "call", "已回电致歉，答应看过当时的记录后，今天给会员答复。"),
        Step(3, "service_manager", "note",
             "看了前台记录，情况属实，当时一个人顶两个岗。已谈话，高峰期前台加一人。"),
        Step(5.5, "service_manager", "resolve",
             "情况我们核实了，那样回答您确实不应该，再次向您道歉。押金已经退到您的微信。"),
        *_ticks(0.6, 3.1, 4, 5, 5.6, 6.5, 70), Step(70.1, "service_manager", "close"),
    )),
    Story(119.6, "complaint.venue", "淋浴間的水忽冷忽熱，洗到一半完全沒熱水，排水口也有味道，希望盡快處理。",
          area=3, people="本人", steps=(
        Step(0.4, "agent", "reply", "您好，让您洗到一半没热水，很抱歉。师傅已经去查热水和排水了。"),
        Step(2, "agent", "note", "张伟：恒温阀卡滞，已清洗；排水口的水封干了，已补水，明早再复查一次。"),
        Step(18.5, "agent", "resolve",
             "热水阀已经修好，今早复查水温稳定，排水口也清理过了。谢谢您及时告诉我们。"),
        *_ticks(0.5, 2.1, 2.5, 3, 18.6, 19, 92), Step(92.1, "agent", "close"),
    )),
    Story(118.8, "inquiry",
          "Is there an open run for people who come alone? What level is it usually?", "wechat",
          place=False, steps=(
        Step(0.3, "agent", "reply",
             "Hello! Fridays from 19:30 on Court 2, 35 yuan. All levels. Shall I add you?"),
        *_ticks(0.4),
        Step(1.5, "agent", "resolve", "As you said on the phone, you are on the list for Friday. See you!"),
        Step(48, "agent", "close"),
    )),
    Story(117, "complaint.service",
          "每次来都有人推销私教，说过不需要了，热身时又被拦下聊了十分钟。", "wechat",
          area=1, people="一位会籍顾问", remedy="不要再向我推销", steps=(
        Step(0.4, "agent", "reply",
             "您好，打扰您训练了，对不起。我先在您的资料里登记“不接受推销”，现在就通知各位顾问。"),
        Step(16, "service_manager", "note", "晨会已说明：登记过的会员一律不再推销，巡场时也不得打断训练。"),
        Step(17, "agent", "resolve", "登记已经生效，所有顾问都看得到。如果再有人打扰您，请直接告诉我们。"),
        *_ticks(0.5, 16.1, 16.5, 16.8, 17.1, 19, 90), Step(90.1, "agent", "close"),
    )),
    Story(116.2, "praise_or_other",
          "散场时保洁阿姨追到门口把钥匙还给我，太感谢了，请一定转告她！", area=3, steps=(
        *_ticks(0.6),
        Step(0.7, "agent", "resolve", "谢谢您，您的话已经转告阿姨，她笑得很开心。"),
        Step(22, "agent", "close"),
    )),
    Story(114.5, "complaint.event", "周年庆团课报了名，到现场却说名额满了让我们回去，那报名还有什么意义？",
          area=2, people="同行五人、现场签到的同事", remedy="说明原因，下次优先", steps=(
        Step(0.5, "agent", "reply", "您好，让您五位白跑一趟，很抱歉。我们去核对报名名单，明天上午给您说明。"),
        Step(15, "service_manager", "note", "线上和前台两张名单没有合并，超报了 8 人。以后只用一张名单。"),
        Step(16, "service_manager", "reply",
             "原因查清了：线上和前台两份名单没有合并。本周六加开一场，给您五位留好位置，可以吗？"),
        Step(20, "agent", "resolve", "电话里跟您确认过了，周六加场的五个名额已经留好，到场直接签到即可。"),
        *_ticks(0.6, 15.2, 16.1, 18, 20.1, 21, 88), Step(88.1, "agent", "close"),
    )),
    Story(101, "complaint.service", "给孩子退训练班，说好十五个工作日到账，已经第十七天了，钱还没收到。",
          area=4, place=False, people="孩子家长、办退费的同事", remedy="尽快到账", steps=(
        Step(0.4, "agent", "reply",
             "您好，让您等过了约定的日子，很抱歉。我马上查退款走到哪一步，今天给您回话。"),
        Step(3, "agent", "note", "财务说收款账号少一位，银行退回来了，没有人通知家长。"),
        Step(4, "agent", "call", "已向家长说明银行退票的原因，核对了新账号，财务今天重新打款。"),
        Step(28, "agent", "resolve",
             "银行回执显示退款今天已经到账，请您查收。以后遇到银行退票，我们当天就联系家长。"),
        *_ticks(0.5, 3.2, 4.1, 4.2, 28.2, 29, 77), Step(77.1, "agent", "close"),
    )),
    Story(98, "inquiry", "孩子十五岁，假期想来练，能办卡吗？需要家长陪同吗？", place=False, steps=(
        Step(0.4, "agent", "reply", "您好，满十四岁可以办青少年卡，需要监护人签字，第一次来请家长陪同。"),
        *_ticks(0.5),
        Step(2.5, "agent", "resolve",
             "办卡需要的材料已经发给您，哪天过来提前说一声，我们安排教练带孩子熟悉场地。"),
    )),
    Story(77, "inquiry",
          "来电询问：团体包场要提前几天预约，能不能自带饮料和横幅。", "phone", place=False, steps=(
        Step(0.1, "agent", "call",
             "已在电话里答复：提前三天预约，饮料和横幅都可以带，横幅请用挂钩，不要用胶带。"),
        *_ticks(0.2), Step(0.3, "agent", "resolve", "包场须知已经发到您的手机，定好日期后告诉我们就行。"),
        Step(26, "agent", "close"),
    )),
    Story(91, "complaint.venue", "团课教室的空调报修牌挂了一个多星期，上课还是又闷又热，到底哪天能修好？",
          area=2, people="一起上课的十几位会员", remedy="给个准日子", steps=(
        Step(0.5, "agent", "reply", "您好，这么久没修好，让您受累了。我明天问清楚配件的情况，给您一个准话。"),
        Step(15.5, "agent", "note", "张伟：压缩机配件缺货，厂家原定本周发出。先借两台移动空调顶上。"),
        Step(16.5, "agent", "reply", "配件还在路上，今天先在教室放了两台移动空调。到货日期一确定就告诉您。"),
        Step(67, "service_manager", "reply",
             "配件已经发货，预计后天装好。这几天的团课先排在凉快的时段，谢谢您体谅。"),
        *_ticks(0.6, 15.8, 16.6),
    )),
    Story(70, "complaint.event",
          "青少年联赛的分组临时换了两次，孩子们干等着，最后还少打一场，领队也说不清为什么。",
          area=1, people="孩子和同队的家长、带队的领队", remedy="说明原因，补一场比赛", steps=(
        Step(0.5, "agent", "reply",
             "您好，让孩子们干等着，很抱歉。我们先向赛事组了解分组的情况，再跟您联系。"),
        *_ticks(0.6), Step(1.2, "agent", "note", "已留言给赛事负责人，等他出差回来答复。"),
    )),
    Story(75, "complaint.service",
          "合約寫明會籍可以轉讓，櫃檯卻說要加收三百元手續費，簽約時沒有人提過這件事。",
          area=4, people="櫃檯值班人員", remedy="免收手續費", steps=(
        Step(0.5, "agent", "reply", "您好，谢谢您说明。我们去核对您签的那一版合同，今天给您答复。"),
        Step(4, "service_manager", "note", "会员签的是旧版合同，没有转让手续费这一条。按旧版办，不收费。"),
        Step(5.5, "service_manager", "resolve",
             "核对过了，按您签的合同，转让不收手续费。请和受让的朋友带证件到前台办理，十分钟就好。"),
        *_ticks(0.6, 4.1, 5, 5.2, 5.6),
    )),
    Story(60, "inquiry",
          "不急，上班了再回我就行：想把每周二的固定场改到周四，需要重新签单吗？", "wechat",
          place=False, steps=(
        Step(6.6, "agent", "reply",
             "您好，不用重新签单。周四 19 点到 21 点的二号场还空着，您看这个时段合适吗？"),
        *_ticks(6.7),
        Step(8.5, "agent", "resolve", "刚才电话里跟您确认过，从下周起改到每周四，周二的场次同时取消。"),
    )),
    Story(66.5, "praise_or_other",
          "忘带会员卡，前台核对一下就让我进了，还帮我约了新手课，态度特别好。", area=4, steps=(
        *_ticks(0.4),
        Step(0.5, "agent", "resolve", "谢谢您的鼓励！手机上的会员页也能出示会员码，下次不带卡也没关系。"),
    )),
    Story(47.5, "complaint.venue", "一号场东边篮下的地板翘起来一块，刚才好几个孩子差点绊倒，赶紧处理一下！",
          urgency="urgent", area=1, people="训练班的孩子和几位家长", remedy="马上封起来修", steps=(
        Step(0.25, "agent", "call", "已回电：感谢提醒，东半场现在就封闭，训练班改到二号场。"),
        Step(0.5, "service_manager", "note",
             "我和张伟都在现场，围挡已放好。三块面板受潮起翘，明早请地板厂家来换。"),
        Step(2.5, "service_manager", "reply",
             "东半场已经围起来，不会再有人进去。明天上午更换地板，修好再开放，到时告诉您。"),
        Step(22, "service_manager", "resolve",
             "三块地板已经换好，张师傅踩压检查过，东半场恢复使用。多亏您提醒得及时。"),
        *_ticks(0.6, 2.6, 2.8, 4, 22.2),
    )),
    Story(42.5, "inquiry", "私教课买十节和买二十节，单价差多少？没上完可以退吗？", place=False, steps=(
        Step(0.5, "agent", "reply",
             "您好，十节每节 320 元，二十节每节 290 元。没上完可以退，按已上节数的单价结算。"),
        *_ticks(0.6),
        Step(14.5, "agent", "resolve", "按您电话里的意思，试课已经约好，先上一节再决定也不迟。"),
    )),
    Story(29, "complaint.venue", "更衣室里味道很重，换气扇开着也没什么用，换衣服的时候待不住。", "wechat",
          area=3, people="本人", steps=(
        Step(0.7, "agent", "reply", "您好，谢谢您告诉我们。师傅今天去查换气扇和地漏，有结果马上跟您说。"),
        Step(4, "agent", "note", "张伟：风管滤网堵了大半，今晚闭馆后清洗，地漏一起处理。"),
        Step(23.2, "agent", "resolve",
             "滤网和地漏昨晚都清洗过了，早上去看，味道基本散了。您下次来如果还觉得闷，请告诉我们。"),
        *_ticks(0.8, 4.1, 4.5, 5, 23.3),
    )),
    Story(25.5, "complaint.service",
          "小班课说好每班六个人，今天来了十一个，教练根本顾不过来，和当初介绍的不一样。",
          area=2, people="一起上课的会员、代课教练", remedy="按六人开班，或者退差价"),
    Story(21.5, "inquiry", "学生来打球有优惠吗？下午场和晚上场都能用吗？", place=False, steps=(
        Step(0.3, "agent", "reply", "您好，凭学生证散场八折，工作日全天可用，周末限 17 点以前。"),
        *_ticks(0.4),
        Step(2.3, "agent", "resolve", "您下次来时在前台出示学生证登记一次，之后订场会自动打折。"),
    )),
    Story(18.5, "complaint.event", "会员日抽奖说人人有份，排到我前面三个人就说奖品发完了，感觉被糊弄了。",
          area=4, people="本人、排队的几位会员", remedy="补发奖品", steps=(
        Step(0.6, "agent", "reply", "您好，让您空等一场，很抱歉。我们在核对奖品的发放记录，明天给您答复。"),
        Step(13.5, "agent", "note", "记录显示准备了 80 份、签到 96 人，还差 16 份。补发方案等王敏批。"),
        *_ticks(0.7, 14),
    )),
    Story(5.5, "complaint.service",
          "你们客服态度太差了，问个问题爱理不理的。", place=False, known=False, steps=(
        Step(0.6, "agent", "reply",
             "您好，让您有这样的感受，很抱歉。方便告诉我们是哪天、在哪里、和谁联系的吗？我们去核实。"),
        Step(0.7, "agent", "note", "匿名留言，时间、地点、人员都没有，等对方补充。"),
    )),
    Story(4.8, "inquiry",
          "I'm moving to another city. Can I pass my membership on to a friend?", place=False, steps=(
        Step(0.7, "agent", "reply",
             "Hello! Yes, once per contract and free of charge. Please both bring your ID to the desk."),
        *_ticks(0.8),
    )),
    Story(2.2, "complaint.service",
          "会员来电：线上订了二号场，到场发现同一时段排给了别人，等了二十分钟才调开。", "phone",
          area=2, people="会员一行八人、另一组球友", remedy="退这一场的场租", steps=(
        Step(0.2, "agent", "call", "已向会员致歉，答应今天查清重复排场的原因，并回复退费的事。"),
        *_ticks(0.3),
        Step(1.3, "agent", "note", "前台手工加了一单，没看线上订单。退场租要王敏同意，已转给她。"),
    )),
    Story(3.2, "complaint.service",
          "没经我同意，卡里又被扣了一次续费，前台也说不清。今天不给说法，我就打 12315。",
          urgency="urgent", area=4, people="前台值班同事", remedy="把钱退回来，关掉自动续费"),
    Story(4, "praise_or_other",
          "请问你们招兼职裁判吗？我有二级证，周末都有空。", "wechat", place=False, steps=(
        *_ticks(0.8),
        Step(0.9, "agent", "resolve",
             "您好，谢谢您关注我们。您的留言已经转给赛事组，有合适的机会他们会联系您。"),
    )),
    Story(0.2, "complaint.venue",
          "淋浴间没有洗手液和纸巾了，女宾这边的垃圾桶也满了。", area=3, people="本人"),
    Story(1.1, "inquiry", "周六下午两点到四点还有场吗？我们大概十二个人。", "wechat", place=False),
    Story(26, "complaint.event",
          "周末的投篮赛推迟了一个半小时才开始，孩子等得没了状态，停车费也多交了。",
          area=1, people="孩子和其他参赛的孩子", remedy="退报名费，补停车费", steps=(
        Step(0.6, "agent", "call", "已回电致歉，记下了等候的时间和停车费。"),
        *_ticks(0.7, 3),
        Step(5, "agent", "offer", "退还本次报名费 120 元，并补贴停车费 15 元，三个工作日内退到原账户。", cost=135),
    )),
    Story(31, "complaint.service",
          "约好的体测没人接待，等了四十分钟，教练说系统里没有我的预约。",
          area=1, people="值班教练", remedy="重新安排体测", steps=(
        Step(0.5, "agent", "reply", "您好，让您白等了，很抱歉。我们先查预约记录，今天给您答复。"),
        *_ticks(0.8, 4),
        Step(6, "agent", "offer", "本周内为您补做体测，并赠送一节价值 180 元的私教课。", cost=180),
        Step(8, "agent", "accept", "会员来电：可以，周四晚上过来。"),
    )),
)
# fmt: on
