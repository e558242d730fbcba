using Ensen.Basics;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Storage;

/// <summary>Idempotency keys, outbox, small facts of the installation.</summary>
public static class StorageModule
{
    public static Module Module { get; } = new("Storage")
    {
        Declares =
        [
            Schema.Of(typeof(StorageModule)),
            PersonalTable.Exported("idempotency_key", "requests", "caller = @member")
                .Text("key").Moment("at_ms").Without("caller", "request_hash", "answer", "entry_id")
                .Erased("caller = @member and entry_id is null and not exists (select 1 from charge c where c.member_id = @member and c.idempotency_key = idempotency_key.key)",
                    "keys that are sealed with an entry, or that a charge names: 400 days, as all keys"),
            PersonalTable.NotExported("outbox", "what is still to be sent; of what was sent nothing is kept")
                .Erased("id in (select id from notice where member = @member)", "what was asked of a bank or a card company, without a word"),
            Job.Of<Outbox>("outbox sweep", "work that was done long ago is forgotten", TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10),
                (outbox, ct) => outbox.Sweep(ct)),
            Job.Of<ForgetKeys>("idempotency keys", "keys older than 400 days, and what forms were refused before two, are forgotten",
                TimeSpan.FromDays(1), TimeSpan.FromDays(1), (keys, ct) => keys.Run(ct)),
        ],
        Services = services => services
            .AddSingleton<Loops>()
            .AddSingleton<Jobs>()
            .AddSingleton<Outbox>()
            .AddSingleton<ForgetKeys>(),
    };
}
