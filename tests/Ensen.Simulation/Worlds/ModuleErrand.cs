using Ensen.Basics;
using Ensen.Simulation.Audit;

namespace Ensen.Simulation.Worlds;

/// <summary>
/// What people of a simulated year do with a feature of a module, declared with the module; the product's own are in <see cref="Errands"/>.
/// </summary>
/// <param name="Run">Somebody sets out, under a key of the errand's own; what was done is told with the auditor's rule for it.</param>
sealed record ModuleErrand(string Name, Func<World, Resident, string, Task<Deed>> Run) : IDeclared;
