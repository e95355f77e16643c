namespace Platform.Silo.Storage;

/// <summary>A grain's state as the store has it: a change shows only once it is durable, and changes come one after another.</summary>
/// <remarks>After a failed write nobody knows what the store has: the cell takes no more changes, and its grain must leave.</remarks>
internal sealed class StateCell<T>(IPersistentState<T> state, Action leave) : IDisposable
    where T : class
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Exception? _fault;

    /// <summary>The durable state.</summary>
    public T Current { get; private set; } = state.State;

    /// <summary>Writes a changed state.</summary>
    /// <param name="change">Gives the new state; the same object for no change.</param>
    /// <returns>The state that is durable now.</returns>
    public async Task<T> UpdateAsync(Func<T, T> change)
    {
        await _gate.WaitAsync();
        try
        {
            if (_fault is not null)
            {
                throw new InvalidOperationException("The state could not be written before; the grain is leaving. Send the call again.", _fault);
            }

            T next = change(Current);
            if (ReferenceEquals(next, Current))
            {
                return Current;
            }

            state.State = next;
            try
            {
                await state.WriteStateAsync(CancellationToken.None);
            }
            catch (Exception e)
            {
                _fault = e;
                state.State = Current;
                leave();
                throw;
            }

            return Current = next;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();
}
