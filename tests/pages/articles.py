"""Invented articles for the repair tests: a headline and its paragraphs."""

ZH_TITLE = "星桥科技与云湖数据谈崩之后：谁来填补两万张算力卡的缺口？"
ZH = (
    "晨报讯（记者 林小满）3月12日，星桥科技在一份公告中承认，公司已经终止与云湖数据的采购谈判，"
    "双方自去年秋天起讨论的合作没有达成一致。",
    "“我们尊重对方的决定，但训练计划不会推迟。”星桥科技首席执行官何见山在电话会议上说。他透露，"
    "公司今年的资本开支仍将维持在18亿元左右，其中大部分用于购买服务器。",
    "订单为何落空",
    "据两位接近交易的人士介绍，分歧集中在交货时间。云湖数据希望分三批交付，最后一批要等到明年春天，"
    "而星桥科技要求全部设备在九月以前上架。",
    "价格也是原因之一。过去半年里，高端加速卡的租金下降了近三成，买方不愿再按去年的合同付款，"
    "卖方则担心库存贬值。一位分析师认为，双方都在等待市场给出更清楚的信号。",
    "云湖数据没有回应置评请求。该公司去年营业收入为42亿元，同比增长11%，净利润却下滑了6%，"
    "管理层把原因归结为电费上涨和折旧增加。",
    "星桥科技眼下有几条路可走。它可以向小型数据中心零散租用，也可以自建机房，但后者至少需要十个月，"
    "还要通过当地的用电审批。",
    "何见山说，公司正在与三家供应商接触，其中包括一家海外企业，不过他拒绝透露名称。“我们不会把鸡蛋放在一个篮子里。”",
    "行业里的其他公司也在调整计划。北屿智能上月宣布减少自有机房的投资，改为购买云服务；石榴软件则反其道而行，"
    "在西部新建了一座园区。",
    "业内人士提醒，算力的缺口并不会因为一笔交易的失败而扩大，真正紧张的是电力和熟练的运维工程师。"
    "等到夏天用电高峰来临，问题会更加明显。",
)
EN_TITLE = "Harbor Robotics Scraps Warehouse Deal After Northlake Doubles Rental Prices"
EN = (
    "The agreement that was meant to put four thousand machines into depots along the coast is dead, the two companies "
    "said on Tuesday, ending nine months of talks that had already survived one change of management.",
    "Northlake told investors in a short letter that it could no longer honor the terms it offered last spring. Demand "
    "has grown faster than expected, it said, and the cost of steel, power and labor has gone up with it.",
    "Executives at the smaller firm were less polite. “We were asked to pay twice as much for the same floor space,” "
    "said Ines Calder, the chief operating officer, who added that the team had been ready to sign.",
    "The dispute leaves about 120 engineers without a project. Most of them will move to a plant outside the city, "
    "where a new line is due to open in the autumn, while others have been offered leave.",
    "Analysts had expected the venture to bring in $85 million over three years. Several of them cut their forecasts "
    "within hours, and the stock fell 7 percent before it recovered part of the loss in late trading.",
    "Customers are caught in the middle. A grocery chain that had planned to use the service from June said it was "
    "looking at other suppliers, but warned that a replacement would be hard to find before the holidays.",
    "Not everybody is worried. A consultant who works with both sides said that neither could afford a long fight, and "
    "that quiet conversations had started again by the end of the week.",
    "For now, the machines stand in rows in a hangar near the airport. Their batteries are charged once a month, "
    "Calder said, so that they will be ready when somebody has room for them.",
)
