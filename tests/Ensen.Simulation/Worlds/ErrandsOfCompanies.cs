using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Sandbox;
using Ensen.Simulation.Audit;
using Ensen.Staff;
using Ensen.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Simulation.Worlds;

/// <summary>A company with two people, as the town knows one.</summary>
sealed record Company(Business Account, ActingShop Maker, ActingShop Approver)
{
    public Guid Id => Account.Id;

    /// <summary>Two companies that have each other on their lists; the first has paid in, and the bank says so as often as it is asked.</summary>
    public static async Task<IReadOnlyList<Company>> Open(Node node, Auditor auditor)
    {
        var (printer, baker) = (await Open(node, "Printer"), await Open(node, "Baker"));
        await Trust(node, printer, baker);
        await Trust(node, baker, printer);
        const long paidIn = 900_000;
        var bank = new Bank([new BankDeposit(Id128(node), 1, printer.Account.Number, paidIn.Yen(), "printer")]);
        for (var times = 0; times < 2; times++)
            await new ReceiveDeposits(node.Db, node.Ledger, ExternalGateways.Nobody with { Deposits = bank }, node.Clock,
                NullLogger<ReceiveDeposits>.Instance).Run();
        auditor.OpenCompany(printer.Id, paidIn);
        auditor.OpenCompany(baker.Id, 0);
        return [printer, baker];
    }

    static async Task<Company> Open(Node node, string name)
    {
        var account = (await node.Get<OpenBusiness>().Run(new OpenBusinessRequest(name))).Value!;
        return new Company(account, await Person(node, account, "maker"), await Person(node, account, "approver"));
    }

    static async Task<ActingShop> Person(Node node, Business account, string name)
    {
        var invite = node.Get<InviteToShop>();
        var made = await new CreateShopAccount(node.Db, invite).Run(account.Merchant, name, ShopRole.Owner, []);
        return new ActingShop(account.Merchant, made.Value!.Account);
    }

    static async Task Trust(Node node, Company company, Company payee)
    {
        var added = (await node.Get<AddPayee>().Run(new AddPayeeRequest(company.Maker, company.Account, payee.Account.Number))).Value!;
        if (!(await node.Get<ConfirmPayee>().Run(company.Approver, company.Account.Id, added.Id)).Accepted)
            throw new InvalidOperationException("nobody confirmed the payee");
    }

    static Guid Id128(Node node) => Basics.Id.New(node.Clock);

    sealed class Bank(IReadOnlyList<BankDeposit> deposits) : IDepositBank
    {
        public Task<IReadOnlyList<BankDeposit>> Since(long number, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<BankDeposit>>([.. deposits.Where(d => d.Number > number)]);
    }
}

/// <summary>People of companies pay each other: alone, by two, twice at once, and what they made themselves.</summary>
sealed partial class Errands
{
    Task<IReadOnlyList<Deed>> AboutCompanies() =>
        town.Transfers.Count == 0 || RandomSource.Next(5) < 2 ? MakeBusinessTransfer() : ApproveBusinessTransfer();

    async Task<IReadOnlyList<Deed>> MakeBusinessTransfer()
    {
        var from = town.Companies[RandomSource.Next(town.Companies.Count)];
        var (amount, key) = (Math.Min(1_000_001, SomeAmount()), NewKey());
        Task<Deed> Press(string with) => MakeBusinessTransfer(from, amount, with);
        _old.Add(() => Press(key));
        return RandomSource.Next(4) switch
        {
            0 => await Both(() => Press(key), () => Press(key)),
            1 => await Both(() => Press(key), () => Press(NewKey())),
            _ => [await Press(key)],
        };
    }

    async Task<Deed> MakeBusinessTransfer(Company from, long amount, string key)
    {
        var (client, to) = (new Client(world, from.Account.Name), town.Companies.First(c => c.Id != from.Id));
        var answer = await client.Ask(FormattableString.Invariant($"makes a transfer of {amount}, key {key}"), node => node.Get<MakeBusinessTransfer>().Run(
            new MakeBusinessTransferRequest(from.Maker, from.Account, [new TransferLine(1, to.Account.Id, amount.Yen(), "")],
                [IdempotencyKey.Of(from.Maker.Account!.Value, key, "business", to.Id, amount)])));
        if (answer.Value is { State: BusinessTransferState.Waiting } waits && !town.Transfers.Any(t => t.Id == waits.TransferId))
            town.Transfers.Add((from, waits.TransferId));
        return Told(client, $"{from.Account.Name} makes a transfer of {amount}, {key}", [from.Id, to.Id], [new Key($"{from.Id} {key}")],
            FormattableString.Invariant($"business {amount}"), answer.Value is { } made
                ? FormattableString.Invariant($"{made.State} {made.Total}, {made.Balance} left") : answer.Refusal.ToString(),
            answer, answer.Value?.TransferId.Value, answer.Value?.At,
            (books, day) => Rules.MakeBusinessTransfer(books, from.Id, to.Id, amount, day, answer.Value?.TransferId.Value ?? Guid.Empty,
                answer.Value?.At ?? default)) with
        {
            // What waits is no entry: where its commit was not acknowledged it is found again and called a repeat, as a refusal is.
            MayRepeat = answer.Value is { State: BusinessTransferState.Waiting },
        };
    }

    async Task<IReadOnlyList<Deed>> ApproveBusinessTransfer()
    {
        var (transfer, key) = (town.Transfers[RandomSource.Next(town.Transfers.Count)], NewKey());
        Task<Deed> Press(bool byMaker, string with) => ApproveBusinessTransfer(transfer.From, transfer.Id, byMaker, with);
        return RandomSource.Next(4) switch
        {
            0 => await Both(() => Press(false, key), () => Press(false, key)),
            1 => await Both(() => Press(false, key), () => Press(false, NewKey())),
            2 => [await Press(true, key)],
            _ => [await Press(false, key)],
        };
    }

    async Task<Deed> ApproveBusinessTransfer(Company of, BusinessTransferId id, bool byMaker, string key)
    {
        var (client, by) = (new Client(world, of.Account.Name), byMaker ? of.Maker : of.Approver);
        var answer = await client.Ask($"approves a transfer{(byMaker ? " of their own" : "")}, key {key}", node => node.Get<ApproveBusinessTransfer>().Run(
            new ApproveBusinessTransferRequest(by, of.Account.Id, id, [IdempotencyKey.Of(by.Account!.Value, key, "approval", id)])));
        var said = answer.Value is { } paid ? FormattableString.Invariant($"approved {paid.Total}, {paid.Balance} left") : answer.Refusal.ToString();
        var told = Told(client, $"{of.Account.Name} approves a transfer{(byMaker ? " of their own" : "")}, {key}",
            [.. town.Companies.Select(c => (object)c.Id), id.Value], [new Key($"{by.Account} {key}")], $"approve {id}",
            said, answer, answer.Value?.TransferId.Value, answer.Value?.At,
            (books, _) => Rules.ApproveBusinessTransfer(books, id, byMaker, client.Sent, client.Answered, said));
        // "Not now" is no answer to keep: the same key asks anew.
        return answer.Refusal == ApproveBusinessTransferRefusal.InsufficientBalance ? told with { IsOfTheDoor = true } : told;
    }
}
