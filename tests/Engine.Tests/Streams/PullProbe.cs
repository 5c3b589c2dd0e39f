using System.Threading.Channels;
using Akka.Streams;
using Akka.Streams.Stage;

namespace Actors.Engine.Tests.Streams;

/// <summary>A sink that asks for an element when it is told to, and not before.</summary>
internal sealed class PullProbe<T> : GraphStageWithMaterializedValue<SinkShape<T>, PullProbe<T>.Control>
{
    private readonly Inlet<T> _in = new("probe.in");

    public override SinkShape<T> Shape => new(_in);

    public override ILogicAndMaterializedValue<Control> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(this);
        return new LogicAndMaterializedValue<Control>(logic, logic.Control);
    }

    /// <summary>What the test does with it.</summary>
    internal sealed class Control
    {
        private readonly Channel<T> _elements = Channel.CreateUnbounded<T>();
        private readonly TaskCompletionSource<(Action Pull, Action Cancel)> _started = new();

        internal ChannelWriter<T> Elements => _elements.Writer;

        /// <summary>Asks for an element; fails when the stream has failed, ends when it has ended.</summary>
        public async Task<T> PullAsync()
        {
            (await _started.Task).Pull();
            return await _elements.Reader.ReadAsync().AsTask().WaitAsync(Scenario.EngineScenario.Patience);
        }

        public async Task CancelAsync() => (await _started.Task).Cancel();

        internal void Started(Action pull, Action cancel) => _started.TrySetResult((pull, cancel));
    }

    private sealed class Logic : InGraphStageLogic
    {
        private readonly Inlet<T> _in;

        public Logic(PullProbe<T> stage)
            : base(stage.Shape)
        {
            _in = stage._in;
            SetHandler(_in, this);
        }

        public Control Control { get; } = new();

        public override void PreStart() =>
            Control.Started(GetAsyncCallback(() => TryPull(_in)), GetAsyncCallback(() => Cancel(_in)));

        public override void OnPush() => Control.Elements.TryWrite(Grab(_in));

        public override void OnUpstreamFailure(Exception e)
        {
            Control.Elements.TryComplete(e);
            base.OnUpstreamFailure(e);
        }

        public override void PostStop() => Control.Elements.TryComplete();
    }
}
