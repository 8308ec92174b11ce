"""The three invented companies of the product's story: their units and posts."""

from __future__ import annotations

from dataclasses import dataclass, field

from invent import Post

# code, name, parent, kind
Unit = tuple[str, str, str, str]


@dataclass(frozen=True)
class Company:
    folder: str
    legal_entity: str
    prefix: str
    province: str
    theme: str
    domain: str
    founded: int
    units: list[Unit] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    @property
    def parents(self) -> dict[str, str]:
        """Unit name -> name of the unit above."""
        name_of = {code: name for code, name, _, _ in self.units}
        return {name: name_of.get(parent, "") for _, name, parent, _ in self.units}


def head(unit: str, title: str) -> Post:
    return Post(unit, title, is_head=True)


TRADING = Company(
    folder="trading",
    legal_entity="QH",
    prefix="QH",
    province="33",
    theme="season",
    domain="qinghe.example",
    founded=2015,
    units=[
        ("QH", "青禾贸易", "", "公司"),
        ("QH01", "总经办", "QH", "部门"),
        ("QH02", "财务部", "QH", "部门"),
        ("QH03", "人力行政部", "QH", "部门"),
        ("QH04", "销售中心", "QH", "事业部"),
        ("QH0401", "华东销售部", "QH04", "部门"),
        ("QH0402", "华南销售部", "QH04", "部门"),
        ("QH0403", "大客户部", "QH04", "部门"),
        ("QH05", "客户运营部", "QH", "部门"),
        ("QH06", "采购部", "QH", "部门"),
        ("QH07", "仓储物流部", "QH", "部门"),
        ("QH08", "市场部", "QH", "部门"),
    ],
    posts=[
        head("青禾贸易", "总经理"),
        Post("总经办", "总经理助理"),
        head("财务部", "财务经理"),
        Post("财务部", "会计", 2),
        Post("财务部", "出纳"),
        head("人力行政部", "人力行政经理"),
        Post("人力行政部", "人事专员"),
        Post("人力行政部", "行政专员"),
        head("销售中心", "销售总监"),
        head("华东销售部", "区域销售经理"),
        Post("华东销售部", "外勤销售代表", 6),
        head("华南销售部", "区域销售经理"),
        Post("华南销售部", "外勤销售代表", 5),
        head("大客户部", "大客户经理"),
        Post("大客户部", "外勤销售代表", 3),
        head("客户运营部", "客户运营主管"),
        Post("客户运营部", "客服专员", 4),
        head("采购部", "采购主管"),
        Post("采购部", "采购专员", 2),
        head("仓储物流部", "仓储主管"),
        Post("仓储物流部", "仓管员", 2),
        Post("仓储物流部", "配送员", kind="劳务派遣"),
        head("市场部", "市场主管"),
    ],
)

RESEARCH = Company(
    folder="research",
    legal_entity="YS",
    prefix="YS",
    province="51",
    theme="star",
    domain="yunshan.example",
    founded=2018,
    units=[
        ("YS", "云杉智研", "", "公司"),
        ("YS01", "总经办", "YS", "部门"),
        ("YS02", "产品部", "YS", "部门"),
        ("YS03", "研发中心", "YS", "事业部"),
        ("YS0301", "平台研发部", "YS03", "部门"),
        ("YS0302", "应用研发部", "YS03", "部门"),
        ("YS0303", "测试部", "YS03", "部门"),
        ("YS0304", "运维部", "YS03", "部门"),
        ("YS04", "设计部", "YS", "部门"),
        ("YS05", "人力资源部", "YS", "部门"),
        ("YS06", "财务部", "YS", "部门"),
        ("YS07", "行政部", "YS", "部门"),
    ],
    posts=[
        head("云杉智研", "总经理"),
        Post("总经办", "总经理助理"),
        head("产品部", "产品总监"),
        Post("产品部", "产品经理", 5),
        head("研发中心", "研发总监"),
        head("平台研发部", "研发经理"),
        Post("平台研发部", "高级软件工程师", 5),
        Post("平台研发部", "软件工程师", 9),
        head("应用研发部", "研发经理"),
        Post("应用研发部", "高级软件工程师", 4),
        Post("应用研发部", "软件工程师", 8),
        Post("应用研发部", "软件工程师", kind="实习"),
        head("测试部", "测试经理"),
        Post("测试部", "测试工程师", 7),
        head("运维部", "运维经理"),
        Post("运维部", "运维工程师", 3),
        head("设计部", "设计主管"),
        Post("设计部", "界面设计师", 2),
        head("人力资源部", "人力资源经理"),
        Post("人力资源部", "人事专员", 2),
        head("财务部", "财务经理"),
        Post("财务部", "会计"),
        head("行政部", "行政主管"),
        Post("行政部", "行政专员"),
    ],
)

MANUFACTURER = Company(
    folder="manufacturer",
    legal_entity="PS",
    prefix="PS",
    province="32",
    theme="wood",
    domain="panshi.example",
    founded=2009,
    units=[
        ("PS", "磐石机械", "", "公司"),
        ("PS01", "总经办", "PS", "部门"),
        ("PS02", "人力行政部", "PS", "部门"),
        ("PS03", "财务部", "PS", "部门"),
        ("PS04", "采购部", "PS", "部门"),
        ("PS05", "销售部", "PS", "部门"),
        ("PS06", "技术部", "PS", "部门"),
        ("PS07", "质量部", "PS", "部门"),
        ("PS08", "设备部", "PS", "部门"),
        ("PS09", "生产计划部", "PS", "部门"),
        ("PS10", "仓储部", "PS", "部门"),
        ("PS11", "生产中心", "PS", "事业部"),
        ("PS1101", "机加工车间", "PS11", "部门"),
        ("PS110101", "机加工一线", "PS1101", "产线"),
        ("PS110102", "机加工二线", "PS1101", "产线"),
        ("PS1102", "装配车间", "PS11", "部门"),
        ("PS110201", "装配一线", "PS1102", "产线"),
        ("PS110202", "装配二线", "PS1102", "产线"),
        ("PS110203", "装配三线", "PS1102", "产线"),
        ("PS1103", "涂装车间", "PS11", "部门"),
        ("PS110301", "喷涂一组", "PS1103", "小组"),
        ("PS110302", "喷涂二组", "PS1103", "小组"),
    ],
    posts=[
        head("磐石机械", "总经理"),
        Post("总经办", "副总经理"),
        Post("总经办", "总经理助理"),
        head("人力行政部", "人力行政经理"),
        Post("人力行政部", "人事专员", 2),
        Post("人力行政部", "薪资专员"),
        Post("人力行政部", "行政专员"),
        head("财务部", "财务经理"),
        Post("财务部", "成本会计", 2),
        Post("财务部", "会计"),
        Post("财务部", "出纳"),
        head("采购部", "采购经理"),
        Post("采购部", "采购专员", 3),
        head("销售部", "销售经理"),
        Post("销售部", "销售工程师", 5),
        head("技术部", "技术经理"),
        Post("技术部", "工艺工程师", 4),
        Post("技术部", "机械工程师", 3),
        head("质量部", "质量经理"),
        Post("质量部", "质检员", 9),
        head("设备部", "设备经理"),
        Post("设备部", "维修技师", 7),
        head("生产计划部", "计划主管"),
        Post("生产计划部", "计划员", 3),
        head("仓储部", "仓储主管"),
        Post("仓储部", "仓管员", 6),
        head("生产中心", "生产总监"),
        head("机加工车间", "车间主任"),
        head("机加工一线", "线长"),
        Post("机加工一线", "数控操作工", 11),
        head("机加工二线", "线长"),
        Post("机加工二线", "数控操作工", 11),
        head("装配车间", "车间主任"),
        head("装配一线", "线长"),
        Post("装配一线", "装配工", 14),
        head("装配二线", "线长"),
        Post("装配二线", "装配工", 14),
        head("装配三线", "线长"),
        Post("装配三线", "装配工", 10),
        Post("装配三线", "装配工", 3, kind="劳务派遣"),
        head("涂装车间", "车间主任"),
        head("喷涂一组", "组长"),
        Post("喷涂一组", "喷涂工", 8),
        head("喷涂二组", "组长"),
        Post("喷涂二组", "喷涂工", 8),
    ],
)
