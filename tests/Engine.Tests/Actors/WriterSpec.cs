using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Actors;

public sealed class WriterSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Appends_land_in_order(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var producer = scenario.Probe("producer");
        var file = await scenario.OpenAsync(producer, "lines.txt", OpenMode.Write);
        Assert.Equal(backend, file.Opened.Backend);
        for (var line = 0; line < 200; line++)
        {
            file.Append($"line {line}\n", line);
        }

        var answers = await file.ExpectWrittenAsync(200);
        Assert.Equal(199, answers[^1].LastToken);
        var closed = await file.CloseAsync();

        var expected = string.Concat(Enumerable.Range(0, 200).Select(line => $"line {line}\n"));
        Assert.Equal(expected, scenario.ContentOf("lines.txt"));
        Assert.Equal(expected.Length, closed.Length);
    });
}
