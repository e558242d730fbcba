using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Businesses;
using Ensen.Tests.Support;

namespace Ensen.Tests.Bugs;

/// <summary>
/// What companies paid in was booked one after the other: one that could not be (a letter that PostgreSQL does not take, a number used
/// twice) stopped every later one of every company. What a bank took back was taken for money that came, and what it told late was never
/// asked for.
/// </summary>
public class OneDepositStoppedAll
{
    [Theory, BothEngines]
    public async Task Strange_texts_are_kept_as_far_as_they_can_be_and_one_that_fails_holds_up_nobody(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷"), await town.Company("パン工房"));
        var number = printer.Account.Number;
        var bank = new Bank
        {
            Told =
            [
                Of(1, number, 1_000, "ﾃﾝﾏ\0ｲﾝｻﾂ" + new string('x', 200)), Of(2, "12\03", 20, "ﾀﾞﾚｶ\ud83d"), Of(3, $" {number[..3]}-{number[3..]}", 300, ""),
                Of(3, number, 4_000, "a number used twice"), Of(5, baker.Account.Number, 0, "nothing"), Of(6, number, long.MinValue, "too much"),
                Of(7, baker.Account.Number, 50_000, "ﾊﾟﾝ"),
            ],
        };
        var receive = town.DepositsOf(bank);

        // What no books can hold is heard of, each time anew.
        for (var times = 0; times < 2; times++)
            await Should.ThrowAsync<AggregateException>(receive.Run(Ct));

        (await town.Holds(printer), await town.Holds(baker)).ShouldBe((5_300, 50_000));
        (await town.Balance(Chart.Operator, AccountType.Suspense)).ShouldBe(20);
        (await town.Get<BusinessHistory>().Of(printer.Id, null, 10, Ct)).Select(m => m.Party).ShouldContain("ﾃﾝﾏｲﾝｻﾂ" + new string('x', 133));
    }

    [Theory, BothEngines]
    public async Task What_the_bank_takes_back_is_taken_from_nobody_by_itself(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (printer, baker) = (await town.Company("天満印刷"), await town.Company("パン工房"));
        await town.Trust(printer, baker);
        var bank = new Bank { Told = [Of(1, printer.Account.Number, 500, "ﾃﾝﾏ")] };
        var receive = town.DepositsOf(bank);
        await receive.Run(Ct);
        (await town.Pay(printer, baker, 400)).Accepted.ShouldBeTrue();

        bank.Told = [.. bank.Told, Of(2, printer.Account.Number, -500, "ﾃﾝﾏ")];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => receive.Run(Ct)));

        (await town.Holds(printer), await town.Holds(baker)).ShouldBe((100, 400));
        (await town.Balance(Chart.Operator, AccountType.Suspense)).ShouldBe(-500);
        (await town.Balance(Chart.Operator, AccountType.DepositClearing)).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task What_the_bank_tells_within_a_day_after_many_others_is_booked(Engine engine)
    {
        await using var town = await Town.On(engine);
        var printer = await town.Company("天満印刷");
        var all = Enumerable.Range(1, 300).Select(i => Of(i, printer.Account.Number, 1, "x")).ToList();
        var bank = new Bank { Told = [.. all.Where(d => d.Number != 50)] };
        var receive = town.DepositsOf(bank);
        await receive.Run(Ct);
        town.Clock.Move(TimeSpan.FromHours(20));
        (await town.Holds(printer)).ShouldBe(299);

        bank.Told = all;
        await receive.Run(Ct);
        await receive.Run(Ct);
        (await town.Holds(printer)).ShouldBe(300);
        town.Clock.Move(TimeSpan.FromDays(40));
        bank.Told = [.. all, Of(301, printer.Account.Number, 7, "x")];
        await receive.Run(Ct);
        (await town.Holds(printer)).ShouldBe(307);
    }

    static BankDeposit Of(long number, string account, long yen, string payer) => new(Guid.CreateVersion7(), number, account, yen.Yen(), payer);

    sealed class Bank : IDepositBank
    {
        const int SomeAtATime = 100;

        public IReadOnlyList<BankDeposit> Told { get; set; } = [];

        public Task<IReadOnlyList<BankDeposit>> Since(long number, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<BankDeposit>>([.. Told.Where(d => d.Number > number).Take(SomeAtATime)]);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
