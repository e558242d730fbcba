using Ensen.Basics;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Storage;

/// <summary>Idempotency keys, outbox, small facts of the installation.</summary>
public static class StorageModule
{
    public static Module Module { get; } = new("Storage")
    {
        Declares = [Schema.Of(typeof(StorageModule))],
        Services = services => services
            .AddSingleton<Loops>()
            .AddSingleton<Outbox>()
            .AddSingleton<ForgetKeys>(),
    };
}
