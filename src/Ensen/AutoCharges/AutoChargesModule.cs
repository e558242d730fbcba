using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.AutoCharges;

/// <summary>Wallets that are charged by themselves when they hold less than their members want.</summary>
public static class AutoChargesModule
{
    public static Module Module { get; } = new("AutoCharges")
    {
        Declares =
        [
            Schema.Of(typeof(AutoChargesModule)),
            PersonalTable.Exported("auto_charge", "autoCharge", "member = @member")
                .Word("state", n => ((AutoChargeState)n).ToString()).Text("reason").Number("below_yen").Number("amount_yen")
                .Number("per_month_yen").Moment("changed_ms").Number("month").Number("month_yen")
                .Without("member", "charge_key", "charge_yen", "charge_month", "paid_mark", "charge_mark", "day", "day_charges",
                    "rest_ms").Erased(),
            SetAutoCharge.Purpose,
            new Check("I7 what was charged by itself counts in its month from the moment at which it was taken on", w =>
                $"""
                select {w.Owner("a.member")} || ' was charged ' || a.month_yen || ' yen in ' || a.month || ' by itself, less than is under way' as line
                from auto_charge a
                where a.month_yen < 0 or a.charge_key is not null and a.charge_month = a.month and a.month_yen < a.charge_yen
                """),
            Job.Of<ChargeByItself>(ChargeByItself.JobName, "wallets are charged by themselves", TimeSpan.FromMinutes(1),
                TimeSpan.FromMinutes(10), (auto, ct) => auto.Run(ct)),
        ],
        Services = services => services
            .AddSingleton<SetAutoCharge>()
            .AddSingleton<OwnAutoCharges>()
            .AddSingleton<ChargeByItself>(),
    };
}
