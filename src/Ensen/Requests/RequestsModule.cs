using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Requests;

/// <summary>Asking other members for money, one or several who share a bill.</summary>
public static class RequestsModule
{
    static readonly SingleUseKind s_paid = new(46, "MoneyRequestPaid", "the payment of {0}", MoneyRequestId.Prefix);

    extension(SingleUseKind)
    {
        /// <summary>A request was paid. Subject: the request.</summary>
        public static SingleUseKind MoneyRequestPaid => s_paid;
    }

    public static Module Module { get; } = new("Requests")
    {
        Declares =
        [
            Schema.Of(typeof(RequestsModule)),
            IdPrefix.Of<MoneyRequestId>(), IdPrefix.Of<SplitId>(),
            s_paid,
            PersonalTable.Exported("money_request", "moneyRequests", "asker = @member or payer = @member order by id desc")
                .Id<MoneyRequestId>("id", "requestId")
                .Text("case when asker = @member then 'asked' else 'was asked' end", "direction").Number("amount_yen").Text("note")
                .Word("state", n => ((MoneyRequestState)n).ToString()).Moment("at_ms").Moment("ended_ms").Moment("reminded_ms")
                .Without("asker", "payer", "split", "payment").Erased("asker = @member or payer = @member"),
            PersonalTable.Exported("money_split", "splits", "asker = @member order by id desc")
                .Id<SplitId>("id", "splitId").Number("total_yen").Number("own_yen").Number("shares").Text("note").Moment("at_ms")
                .Without("asker").Erased("asker = @member"),
            RequestChecks.DetailCheck, .. RequestChecks.All,
        ],
        Services = services => services
            .AddSingleton<MoneyRequests>()
            .AddSingleton<AskForMoney>()
            .AddSingleton<PayMoneyRequest>()
            .AddSingleton<CloseMoneyRequest>()
            .AddSingleton<RemindOfMoneyRequest>(),
    };
}
