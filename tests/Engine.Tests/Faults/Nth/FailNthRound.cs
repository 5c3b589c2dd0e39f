using Actors.Engine.Configuration;
using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.Configuration;
using Xunit;
using Xunit.Sdk;

namespace Actors.Engine.Tests.Faults.Nth;

/// <summary>Plays the fixed scenario again and again on one engine, with one fault at most, and checks each
/// time.</summary>
/// <param name="scenario">Whose engine it is.</param>
/// <param name="plan">The plan of its drivers.</param>
/// <param name="directory">Where the files are.</param>
internal sealed class FailNthRound(EngineScenario scenario, FaultPlan plan, string directory)
{
    private readonly bool _direct = BackendProbe.ProbeDirect(directory) is not null;

    public int Runs { get; private set; }

    public int Faults { get; private set; }

    /// <summary>The driver of a backend as the engine makes it, with the plan before it.</summary>
    public static IDriver Wrap(string backend, FaultPlan plan)
    {
        var settings = EngineSettings.Create(
            ConfigurationFactory.ParseString($"actors.engine.backend-name = {backend}"));
        return new FailNthDriver(DriverFactory.CreateFor(BackendSelection.Select(settings).Name, settings), plan);
    }

    public async Task PlayAsync(int at, Func<IoKind, Fault?> fault)
    {
        plan.Arm(at, fault);
        var files = ScriptedFiles.Create(scenario.System, directory, _direct);
        Runs++;
        try
        {
            await Task.WhenAll(files.Select(file => file.PlayAsync(scenario.Engine.Coordinator)));
            await CheckNothingIsLeftAsync();
            Check(files);
        }
        catch (Exception e)
        {
            throw new XunitException($"run {Runs}, operation {at}, hit {plan.Hit}: {Describe(files)}", e);
        }

        foreach (var file in files)
        {
            File.Delete(file.File);
        }

        Faults += plan.Hit is null ? 0 : 1;
    }

    private void Check(IReadOnlyList<ScriptedFile> files)
    {
        var checks = files.Select(file => new AnswerCheck(file)).ToList();
        checks.ForEach(check => check.FollowContent());
        HitCheck.Check(plan.Hit, files, checks);
        Assert.All(scenario.Engine.Shards, shard => Assert.Equal(0, shard.Buffers.Leased));
        Assert.Equal(plan.Opened, plan.Closed);
    }

    /// <summary>A file that failed to open is closed after the answer.</summary>
    private Task CheckNothingIsLeftAsync() => scenario.UntilAsync(
        () => scenario.Engine.Writers.IsEmpty && plan.Opened == plan.Closed
            && OpenDescriptors.Below(directory).Count == 0,
        "files closed");

    private static string Describe(IEnumerable<ScriptedFile> files) => string.Join(
        "; ", files.Select(file => $"{file.File}: {file.Answers.Count} answers to {file.Commands.Count} commands"));
}
