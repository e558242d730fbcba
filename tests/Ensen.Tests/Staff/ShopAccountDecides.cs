using Ensen.Access;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Tests.Support;

namespace Ensen.Tests.Staff;

/// <summary>What is decided about who is invited to a merchant's desk, who joins, whose role changes and who is dismissed.</summary>
public class ShopAccountDecides
{
    internal static RefusalTable<InviteToShopRefusal> Inviting { get; } = new("""
        refusal         by     name  role     stores  there    has
        None            owner  Kai   clerk    one     there    0
        None            owner  Kai   owner    -       there    499
        Forbidden       clerk  -     clerk    -       missing  500
        InvalidRequest  owner  -     clerk    one     there    0
        InvalidRequest  owner  Kai   clerk    -       there    0
        InvalidRequest  owner  Kai   strange  one     missing  500
        NotFound        owner  Kai   manager  one     missing  500
        OverLimit       owner  Kai   manager  one     there    500
        """);

    internal static RefusalTable<JoinShopRefusal> Joining { get; } = new("""
        refusal          link    role   name  password  shows
        None             opens   owner  kai   good      passkey
        None             opens   owner  kai   good      right
        None             opens   clerk  kai   good      -
        NotFound         closed  clerk  -     bad       wrong
        InvalidName      opens   clerk  k     bad       wrong
        InvalidPassword  opens   clerk  kai   bad       wrong
        InvalidCode      opens   clerk  kai   good      wrong
        FactorNeeded     opens   owner  kai   good      -
        TooManyRequests  before  HashLineTests.Where_too_many_wait_the_one_who_has_most_of_them_gives_way
        NameTaken        before  ShopAccountsTests.A_link_opens_once_and_in_its_time_and_a_sign_in_name_is_one_accounts
        """);

    internal static RefusalTable<ChangeShopAccountRefusal> Changing { get; } = new("""
        refusal         by     found            owners  to       stores  theirs  factor
        None            owner  clerk Active     1       manager  one     theirs  -
        None            owner  owner Active     2       clerk    one     theirs  -
        None            owner  owner Active     1       owner    -       theirs  has
        None            owner  owner Invited    1       clerk    one     theirs  has
        None            owner  clerk Active     1       owner    -       theirs  has
        Forbidden       clerk  -                1       clerk    -       -       -
        InvalidRequest  owner  -                1       clerk    -       -       -
        InvalidRequest  owner  -                1       strange  one     -       -
        NotFound        owner  -                1       clerk    one     theirs  -
        NotFound        owner  clerk Dismissed  1       clerk    one     -       -
        Ended           owner  clerk Dismissed  1       owner    -       theirs  -
        LastOwner       owner  owner Active     1       manager  one     theirs  -
        FactorNeeded    owner  clerk Active     1       owner    -       theirs  -
        """);

    internal static RefusalTable<DismissFromShopRefusal> Dismissing { get; } = new("""
        refusal    by     found            owners
        None       owner  clerk Active     1
        None       owner  owner Active     2
        None       owner  owner Invited    1
        Forbidden  clerk  -                1
        NotFound   owner  -                1
        Ended      owner  owner Dismissed  1
        LastOwner  owner  owner Active     1
        """);

    static readonly StoreId s_store = new(Guid.Parse("00000000-0000-7000-8000-00000000000d"));

    [Fact]
    public void Inviting_is_decided_as_the_table_says() => Inviting.ShouldHold(row => InviteToShop.Decide(
        new InviteToShopRequest(default, string.Concat(row.In("name").Words), Role(row.In("role")), row.In("stores").Say("one") ? [s_store] : []),
        row.In("by").Say("owner"), row.In("there").Say("there"), (int)row.In("has").Amount));

    [Fact]
    public void Joining_is_decided_as_the_table_says() => Joining.ShouldHold(row =>
    {
        var shows = row.In("shows");
        return JoinShop.Decide(
            new JoinShopRequest("token", string.Concat(row.In("name").Words), "password", "192.0.2.1", "Edge",
                shows.Say("right") || shows.Say("wrong") ? Totp.NewSecret() : null, "123456",
                shows.Say("passkey") ? new NewPasskey(default, [], [], 0, "", false, false) : null),
            row.In("link").Say("opens") ? new ShopAccount { Role = Role(row.In("role")) } : null,
            row.In("password").Say("good"), shows.Say("right"));
    });

    [Fact]
    public void Changing_is_decided_as_the_table_says() => Changing.ShouldHold(row => ChangeShopAccount.Decide(
        new ChangeShopAccountRequest(default, default, Role(row.In("to")), row.In("stores").Say("one") ? [s_store] : []),
        row.In("by").Say("owner"), Found(row.In("found")), row.In("theirs").Say("theirs"), (int)row.In("owners").Amount, row.In("factor").Say("has")));

    [Fact]
    public void Dismissing_is_decided_as_the_table_says() => Dismissing.ShouldHold(row => DismissFromShop.Decide(
        row.In("by").Say("owner"), Found(row.In("found")), (int)row.In("owners").Amount));

    static ShopRole Role(CellWords words) => words.Words is [var word, ..] ? ShopRoles.Read(word) ?? default : default;

    static ShopAccount? Found(CellWords words) => words.Words.Count < 2 ? null
        : new ShopAccount { Role = Role(words), State = Enum.Parse<ShopAccountState>(words.Words[1]) };
}
