using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Faults.Real;

/// <summary>A file that may only grow, as system administrators make logs that nobody is to change (chattr +a).</summary>
public sealed class AppendOnlySpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task A_file_that_may_only_grow_grows_and_does_nothing_else(string backend) => EngineScenario.RunAsync(
        backend, async scenario =>
        {
            var path = scenario.PathOf("log");
            await File.WriteAllTextAsync(path, "old ");
            Tool.SkipUnlessThere("chattr");
            var made = await Tool.RunAsync(["chattr", "+a", path]);
            Skip.If(made.ExitCode != 0, $"chattr +a: {made.Output}");
            try
            {
                var engine = scenario.Engine;
                await using (var file = await engine.OpenAsync(path, OpenMode.Append))
                {
                    await file.AppendAsync(Text.Bytes("new "));
                    var refused = await Assert.ThrowsAsync<FileEngineException>(
                        () => file.WriteAsync(0, Text.Bytes("no")).AsTask());
                    Assert.Equal(FailureReason.AccessDenied, refused.Reason);
                    await file.AppendAsync(Text.Bytes("newer "));
                }

                await engine.AppendAllTextAsync(path, "newest");
                await using (var writer = await engine.OpenWriterAsync(path, OpenMode.Append))
                {
                    await writer.WriteAsync(".");
                }

                Assert.Equal("old new newer newest.", await File.ReadAllTextAsync(path));
                var whole = await Assert.ThrowsAsync<FileEngineException>(
                    () => engine.OpenAsync(path, OpenMode.ReadWrite).AsTask());
                Assert.Equal(FailureReason.AccessDenied, whole.Reason);
            }
            finally
            {
                await Tool.DoAsync("chattr", "-a", path);
            }
        });
}
